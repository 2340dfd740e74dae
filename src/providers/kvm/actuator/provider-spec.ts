import { z } from "zod";
import { connectionUriProblem } from "../../../config/platforms/kvm/index.ts";
import { isRecord, type Environment } from "../../../util/index.ts";
import { ActuatorRefusal } from "../../actuator.ts";

export const API_VERSION = "kvm.virt-ipi.io/v1alpha1";
export const KIND = "KVMMachineProviderSpec";

/** What libvirt takes as a name, and cannot be taken for an option or a path. */
const name = z.string().regex(/^[A-Za-z0-9_][\w.+-]{0,127}$/, "must be a name of letters, digits, dots, hyphens and underscores");
const uri = z.string().min(1);

const network = z
  .strictObject({
    kind: z.enum(["network", "bridge"]).describe("`network`: a libvirt network. `bridge`: a bridge device of the host."),
    name: name.describe("Of the network or the bridge."),
  })
  .describe("What the machine's network device is attached to.");
const pool = name.describe("The storage pool that the machine's disk, Ignition and console log are in.");
const image = name.describe("The volume in that pool that the disk begins from: a qcow2 image, which is never changed.");

export const hostSpec = z.strictObject({
  uri: uri.describe("Its libvirt connection URI, such as `qemu+ssh://user@host/system`."),
  weight: z.number().positive().max(1000).optional().describe("How much of its free memory counts, beside that of the others. 1 unless given."),
  pool: pool.optional(),
  network: network.optional(),
  image: image.optional(),
});

/** `providerSpec.value` of a Machine on KVM: what the machine shall be. */
export const providerSpec = z.strictObject({
  apiVersion: z.literal(API_VERSION).describe("The version of this description."),
  kind: z.literal(KIND).describe("What this is."),
  metadata: z.looseObject({}).nullish().describe("Not used."),
  cpus: z.int().min(1).max(1024).describe("Virtual CPUs."),
  memoryMB: z
    .int()
    .min(64)
    .max(64 * 2 ** 20)
    .describe("Memory in MiB."),
  osDisk: z
    .strictObject({ diskSizeGB: z.number().positive().max(65_536).describe("Size in GiB, at least that of the image.") })
    .describe("The machine's disk."),
  userDataSecret: z
    .strictObject({
      name: z.string().min(1).max(253).describe("The Secret's name, in the Machine's namespace. Its key `userData` has the Ignition config."),
    })
    .describe("What the machine is started with; its name and its token are added."),
  network: network.optional(),
  pool: pool.optional(),
  image: image.optional(),
  uri: uri.optional().describe("The libvirt connection URI of the host, where there is one host. The cluster's own unless given."),
  hosts: z
    .array(hostSpec)
    .min(1)
    .max(64)
    .optional()
    .describe("Several hosts, of which the freest gets the machine. What one does not say is as above."),
  cpuModel: name.optional().describe("A CPU model of libvirt's. The host's own CPU unless given, or all that QEMU can emulate."),
  nested: z.boolean().optional().describe("Whether machines can run in this machine with hardware help, where the host can. True unless given."),
});

export type KvmProviderSpec = z.infer<typeof providerSpec>;

/** One host that a machine may be on, with all that it needs there. */
export interface MachineHost {
  readonly uri: string;
  readonly weight: number;
  readonly pool: string;
  readonly network: { readonly kind: "network" | "bridge"; readonly name: string };
  readonly image: string;
}

/** What a cluster's Machines may use, and what they use where they say nothing. */
export interface Allowed {
  readonly uris: readonly string[];
  readonly pools: readonly string[];
  readonly images: readonly string[];
  /** Names of libvirt networks and of bridges. */
  readonly networks: readonly string[];
  readonly defaults: Partial<MachineHost> & Pick<MachineHost, "uri" | "pool" | "image">;
}

export interface MachineWish {
  readonly spec: KvmProviderSpec;
  /** In the order of the spec, each URI once. */
  readonly hosts: readonly MachineHost[];
}

/**
 * A Machine's providerSpec.value, complete and allowed.
 * @throws ActuatorRefusal Invalid with all that is wrong, each with its path
 */
export function readProviderSpec(value: unknown, allowed: Allowed, env: Environment): MachineWish {
  const parsed = providerSpec.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error.issues.map(problemOf));
  const hosts = hostsOf(parsed.data, allowed.defaults);
  const problems = [
    ...hosts.flatMap(({ path, host }) => hostProblems(path, host, allowed, env)),
    ...(parsed.data.uri !== undefined && parsed.data.hosts !== undefined ? ["uri: stands beside hosts, which names URIs of its own"] : []),
    ...hosts.flatMap(({ path, host }, index) =>
      hosts.findIndex((other) => other.host.uri === host.uri) < index ? [`${path}uri: names a host a second time`] : [],
    ),
  ];
  if (problems.length > 0) throw invalid([...new Set(problems)]);
  return { spec: parsed.data, hosts: hosts.map(({ host }) => host as MachineHost) };
}

/** What a spec that need not be valid says of hosts. */
export function urisIn(value: unknown): readonly string[] {
  const hosts: readonly unknown[] = isRecord(value) && Array.isArray(value["hosts"]) ? value["hosts"] : [];
  return [value, ...hosts].flatMap((each) => (isRecord(each) && typeof each["uri"] === "string" ? [each["uri"]] : []));
}

type Wanted = Omit<MachineHost, "network"> & { readonly network: MachineHost["network"] | undefined };

function hostsOf(spec: KvmProviderSpec, defaults: Allowed["defaults"]): readonly { readonly path: string; readonly host: Wanted }[] {
  const complete = (host: Partial<z.infer<typeof hostSpec>>): Wanted => ({
    uri: host.uri ?? spec.uri ?? defaults.uri,
    weight: host.weight ?? 1,
    pool: host.pool ?? spec.pool ?? defaults.pool,
    network: host.network ?? spec.network ?? defaults.network,
    image: host.image ?? spec.image ?? defaults.image,
  });
  return spec.hosts === undefined
    ? [{ path: "", host: complete({}) }]
    : spec.hosts.map((host, index) => ({ path: `hosts[${index}].`, host: complete(host) }));
}

/**
 * Who may write Machines is an administrator of the cluster, not of the host: what is not the cluster's own there must have been allowed, or any
 * disk of the host could be read as an image, and any bridge be joined.
 */
function hostProblems(path: string, host: Wanted, allowed: Allowed, env: Environment): readonly string[] {
  const bad = connectionUriProblem(host.uri, env);
  const refuse = (key: string, value: string, values: readonly string[]): readonly string[] =>
    values.includes(value) ? [] : [`${path}${key}: ${JSON.stringify(value)} is not one that this cluster may use (${values.join(", ")})`];
  return [
    ...(bad === undefined ? refuse("uri", host.uri, allowed.uris) : [`${path}uri: ${bad.message}`]),
    ...refuse("pool", host.pool, allowed.pools),
    ...refuse("image", host.image, allowed.images),
    ...(host.network === undefined ? [`${path}network: is missing`] : refuse("network.name", host.network.name, allowed.networks)),
  ];
}

function problemOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${path.replace(/^\./, "") || "providerSpec.value"}: ${issue.code === "unrecognized_keys" ? `unknown field ${issue.keys.join(", ")}` : issue.message}`;
}

const invalid = (problems: readonly string[]): ActuatorRefusal => new ActuatorRefusal("Invalid", "InvalidProviderSpec", problems.join("; "));
