/**
 * What may stand under `platform:`, by the platform's name. A platform's own folder adds its key by declaration merging, so that nothing
 * outside it names the platform, and everything that reads an install-config is typed all the same.
 */
export interface PlatformKeys {}

/** What may stand under a pool's `platform:`, in the same way. */
export interface PoolPlatformKeys {}

export type PlatformName = keyof PlatformKeys;
