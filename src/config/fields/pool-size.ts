import { integer, object } from "./field.ts";

/** The keys of a machine's size, as OpenShift names them. */
export const sizeShape = (defaults: { cpus: string; memoryMB: string; diskSizeGB: string }) => ({
  cpus: integer("Virtual CPUs.", { defaultText: defaults.cpus, rules: "At least 1." }),
  memoryMB: integer("Memory in MiB.", { defaultText: defaults.memoryMB, rules: "At least 1024." }),
  osDisk: object(
    { diskSizeGB: integer("Size of the disk in GiB.", { defaultText: defaults.diskSizeGB, rules: "At least 8." }) },
    "The disk that the machine boots from.",
  ),
});
