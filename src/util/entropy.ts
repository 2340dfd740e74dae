import { randomBytes } from "node:crypto";

/** A source of random bytes, so that identity and assets can be reproduced in tests. */
export type Entropy = (size: number) => Uint8Array;

export const systemEntropy: Entropy = (size) => randomBytes(size);
