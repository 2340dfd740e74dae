import { z } from "zod";

export const machineInputs = z.strictObject({
  /** Domain, host and node name. */
  name: z.string().min(1),
  infraID: z.string().min(1),
  role: z.enum(["bootstrap", "control-plane", "compute"]),
  cpus: z.int().min(1),
  memoryMB: z.int().min(64),
  macAddress: z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, "must be a MAC address in lower case"),
  network: z.strictObject({ kind: z.enum(["network", "bridge"]), name: z.string().min(1) }),
  pool: z.string().min(1),
  /** Path of the machine's disk; Ignition and the console log lie beside it. */
  diskPath: z.string().startsWith("/"),
  /** Secret. Ignition config as JSON text; runs at the first boot only. */
  ignition: z.string().optional(),
  /** The address, where we decide it. Without it the machine is asked for the one it got. */
  address: z.ipv4().optional(),
  /** Off only for measurements; on by default. */
  powerOn: z.boolean().optional(),
  /** Whether a running control-plane machine may be restarted for a change of size. */
  allowRestart: z.boolean().optional(),
  acceleration: z.enum(["auto", "kvm", "qemu"]).optional(),
});

export type MachineInputs = z.infer<typeof machineInputs>;

export interface MachineOutputs {
  readonly name: string;
  readonly uuid: string;
  readonly role: string;
  readonly macAddress: string;
  /** Absent for a machine that is off and has no fixed address. */
  readonly address?: string | undefined;
  readonly running: boolean;
  readonly acceleration: string;
  readonly consoleLogPath: string;
  readonly ignitionSha256: string;
}
