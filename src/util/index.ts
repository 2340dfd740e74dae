export { systemClock, type Clock } from "./clock.ts";
export { credentialsIn, percentDecoded, percentDecodedBytes, REDACTED, redactCredentials, redactValue } from "./credentials.ts";
export { systemEntropy, type Entropy } from "./entropy.ts";
export { readTextIfExists, SECRET_DIRECTORY_MODE, SECRET_FILE_MODE, writeFileAtomic } from "./files.ts";
export { refuseOtherUsers } from "./loopback-peers.ts";
export { poll, type PollOptions, type PollResult, type Probe } from "./poll.ts";
export { sha256Of } from "./sha256.ts";
export { yamlProblem } from "./yaml-problem.ts";
