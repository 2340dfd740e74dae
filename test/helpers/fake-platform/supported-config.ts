import { PLATFORMS as others } from "../../../src/config/platforms/supported.ts";
import { fakeConfig } from "./config.ts";

export const PLATFORMS = [...others, fakeConfig];
