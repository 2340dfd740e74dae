/** What a cluster has on each platform; a platform's own folder adds its member, whose `name` is the key under `platform:`. */
export interface PlatformSpecs {}

export type PlatformSpec = PlatformSpecs[keyof PlatformSpecs];
