import type { Distribution, InstallConfigAnswers, VSphereAnswers } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { usage } from "../invocation.ts";

/** What the options say: undefined where they do not even say which platform. */
export interface GivenPlatform {
  readonly name?: "kvm" | "vsphere" | undefined;
  readonly vsphere: Partial<VSphereAnswers>;
}

/** The option of each answer about a vCenter, and where commander puts it. */
const OPTIONS: Readonly<Record<keyof VSphereAnswers, readonly [flag: string, name: string]>> = {
  server: ["--vcenter", "vcenter"],
  user: ["--vcenter-user", "vcenterUser"],
  password: ["--vcenter-password", "vcenterPassword"],
  datacenter: ["--datacenter", "datacenter"],
  cluster: ["--cluster", "cluster"],
  datastore: ["--datastore", "datastore"],
  network: ["--port-group", "portGroup"],
};

const ANSWERS = Object.keys(OPTIONS) as readonly (keyof VSphereAnswers)[];

/** A file without a pull secret has to say that it needs none: elsewhere than on KVM OpenShift is the default. */
export const VSPHERE_DISTRIBUTION: Distribution = "kubernetes";

/** True for `env:NAME` and `file:PATH`. */
export const isReference = (text: string): boolean => /^(?:env:[A-Za-z_]\w*|file:.+)$/.test(text);

/** The platform that the options are about. @throws InstallerError USAGE for a password in clear, or options of vSphere without it */
export function platformOf(options: Readonly<Record<string, unknown>>): GivenPlatform {
  const name = options["platform"] as GivenPlatform["name"];
  const given = ANSWERS.filter((key) => options[OPTIONS[key][1]] !== undefined);
  const vsphere: Partial<VSphereAnswers> = Object.fromEntries(given.map((key) => [key, options[OPTIONS[key][1]]]));
  const [stray] = given;
  if (name !== "vsphere" && stray !== undefined) throw usage(`${OPTIONS[stray][0]} is for --platform vsphere`, OPTIONS[stray][0]);
  // Everybody on the host can read a command line.
  if (vsphere.password !== undefined && !isReference(vsphere.password))
    throw usage("--vcenter-password takes env:NAME or file:PATH, never the password itself", "--vcenter-password");
  return { name, vsphere };
}

/** Without a terminal: nothing about a vCenter can be guessed. @throws InstallerError ANSWERS_MISSING */
export function completeVsphere({ name, vsphere }: GivenPlatform): Pick<InstallConfigAnswers, "vsphere" | "distribution"> {
  if (name !== "vsphere") return {};
  const missing = ANSWERS.filter((key) => vsphere[key] === undefined).map((key) => OPTIONS[key][0]);
  if (missing.length > 0)
    throw new InstallerError("ANSWERS_MISSING", `${missing.join(", ")} must be given`, {
      value: missing.join(", "),
      advice: "Give them, or run it on a terminal to be asked.",
    });
  return { distribution: VSPHERE_DISTRIBUTION, vsphere: vsphere as VSphereAnswers };
}
