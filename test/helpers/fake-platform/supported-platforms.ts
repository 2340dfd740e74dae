import { SUPPORTED as others } from "../../../src/providers/supported.ts";
import { fakePlatform } from "./platform.ts";

export const SUPPORTED = [...others, fakePlatform];
