import { unitText, type UnitSection } from "../../assets/index.ts";
import { EXIT } from "../../errors/index.ts";

/** What a machine controller's systemd unit is made from. All paths absolute, and without control characters. */
export interface UnitInput {
  readonly cluster: string;
  readonly infraID: string;
  /** The cluster folder. */
  readonly folder: string;
  /** Node and what it runs; the command's own words follow. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Of the whole host, or of one user's own systemd. */
  readonly scope: UnitScope;
  /** Machines may be processes below the controller: they live on when it stops, and nothing that holds it may hold them. */
  readonly runsMachines: boolean;
}

export type UnitScope = "system" | "user";

export const unitNameOf = (infraID: string): string => `virt-ipi-machine-controller-${infraID}.service`;

/** What runs here besides is in `<this folder>/<infraID>`, below where a host keeps what does not outlive a start of it. */
export const RUNTIME_FOLDER = "virt-ipi";

/** The unit's text; it holds no secret. Directives: systemd.service(5), systemd.exec(5). */
export function controllerUnit(input: UnitInput): string {
  const { cluster, infraID, folder, program, environment, scope, runsMachines } = input;
  const isSystem = scope === "system";
  return unitText({
    Unit: {
      Description: specifier(`Machine controller of cluster ${cluster} (${infraID})`),
      // A user's own systemd has no such target.
      ...(isSystem ? { Wants: "network-online.target", After: "network-online.target" } : {}),
      // It tries for ever: the cluster, or the host of its machines, may start later than this one.
      StartLimitIntervalSec: 0,
    },
    Service: {
      Type: "exec",
      ExecStart: [...program, "machine-controller", "run", "--dir", folder].map((word) => quoted(word).replaceAll("$", "$$$$")).join(" "),
      Environment: Object.entries(environment).map(([name, value]) => quoted(`${name}=${value}`)),
      Restart: "on-failure",
      RestartSec: 10,
      // How a run ends that was asked to stop.
      SuccessExitStatus: EXIT.interrupted,
      RestartPreventExitStatus: `${EXIT.usage} ${EXIT.config}`,
      KillMode: runsMachines ? "process" : "mixed",
      TimeoutStopSec: 90,
      UMask: "0077",
      RuntimeDirectory: `${RUNTIME_FOLDER}/${infraID}`,
      RuntimeDirectoryMode: "0700",
      ...(runsMachines ? {} : { ...RESTRICTED, ...(isSystem ? isolated(input) : {}) }),
    },
    Install: { WantedBy: isSystem ? "multi-user.target" : "default.target" },
  });
}

/** Needs nothing of the kernel that a user's own systemd may not do. */
const RESTRICTED: UnitSection = {
  NoNewPrivileges: true,
  LockPersonality: true,
  RestrictRealtime: true,
  RestrictSUIDSGID: true,
  RestrictNamespaces: true,
  RestrictAddressFamilies: "AF_UNIX AF_INET AF_INET6 AF_NETLINK",
  SystemCallArchitectures: "native",
};

/** Needs namespaces of its own. Home folders hold the program, the keys of ssh and often the cluster folder. */
const ISOLATED: UnitSection = {
  // A cluster folder of the user who called sudo.
  CapabilityBoundingSet: "CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER",
  PrivateDevices: true,
  ProtectSystem: "strict",
  ProtectHome: "read-only",
  ProtectClock: true,
  ProtectControlGroups: true,
  ProtectHostname: true,
  ProtectKernelLogs: true,
  ProtectKernelModules: true,
  ProtectKernelTunables: true,
};

/** Temporary files of its own, unless it needs some of those that all see. */
function isolated({ folder, program }: UnitInput): UnitSection {
  const isShared = [folder, ...program].some((path) => /^\/(?:var\/)?tmp\//.test(path));
  return isShared
    ? { ...ISOLATED, ReadWritePaths: [quoted(folder), "/tmp", "/var/tmp"].join(" ") }
    : { ...ISOLATED, PrivateTmp: true, ReadWritePaths: quoted(folder) };
}

const specifier = (text: string): string => text.replaceAll("%", "%%");
const quoted = (text: string): string => `"${specifier(text).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
