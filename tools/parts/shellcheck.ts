import { debianPrograms } from "./debian-programs.ts";

const NAME = "shellcheck";

/** Looks for faults in the scripts of machines. Tests run it. */
export const shellcheck = debianPrograms({ id: NAME, version: "0.9 or newer", programs: [[NAME]], packages: [NAME] });
