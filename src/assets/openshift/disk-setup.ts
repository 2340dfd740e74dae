import { type InstallConfig, platformConfigOf } from "../../config/index.ts";
import type { OpenShiftContext } from "./context.ts";

type Pool = InstallConfig["controlPlane"];
type Disk = NonNullable<Pool["diskSetup"]>[number];

/** GPT type of partitions for swap. Source: the Discoverable Partitions Specification. */
const SWAP_PARTITION = "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F";
const ETCD_FOLDER = "/var/lib/etcd";

export interface DiskConfig {
  /** Letters and digits: the partition's, of which nodes find it by. */
  readonly label: string;
  /** Ignition config. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What becomes of a pool's data disks: each is one partition, mounted or used for swap. */
export function diskConfigs({ spec, openshift, platform }: OpenShiftContext, pool: Pool): readonly DiskConfig[] {
  const names = platformConfigOf(spec)?.dataDisks?.(openshift.config, pool) ?? [];
  return (pool.diskSetup ?? []).flatMap((disk) => {
    const index = names.indexOf(diskOf(disk).id);
    // Of a disk that the machines do not have, nothing is made.
    const device = index < 0 ? undefined : platform.dataDiskDevice?.(index);
    return device === undefined ? [] : [diskConfig(disk, device)];
  });
}

/** Name of the data disk, and where it is mounted; nowhere: it is for swap. */
function diskOf({ type, etcd, swap, userDefined }: Disk): { readonly id: string; readonly label: string; readonly path?: string } {
  switch (type) {
    case "etcd":
      return { id: etcd?.platformDiskID ?? "", label: type, path: ETCD_FOLDER };
    case "swap":
      return { id: swap?.platformDiskID ?? "", label: type };
    default: {
      const id = userDefined?.platformDiskID ?? "";
      return { id, label: id, path: userDefined?.mountPath ?? "" };
    }
  }
}

function diskConfig(disk: Disk, device: string): DiskConfig {
  const { label: name, path } = diskOf(disk);
  const label = name.replaceAll(/[^A-Za-z0-9]/g, "");
  const partition = `/dev/disk/by-partlabel/${label}`;
  const guid = path === undefined ? { guid: SWAP_PARTITION } : {};
  const filesystem =
    path === undefined
      ? { device: partition, format: "swap", label }
      : { device: partition, format: "xfs", label, mountOptions: ["defaults", "prjquota"], path, wipeFilesystem: true };
  return {
    label,
    config: {
      ignition: { version: "3.2.0" },
      storage: {
        disks: [{ device, partitions: [{ label, startMiB: 0, sizeMiB: 0, ...guid }], wipeTable: true }],
        filesystems: [filesystem],
      },
      systemd: { units: [path === undefined ? swapUnit(partition) : mountUnit(partition, label, path)] },
    },
  };
}

const swapUnit = (partition: string) => ({
  contents: `[Swap]\nWhat=${partition}\n\n[Install]\nWantedBy=swap.target\n`,
  enabled: true,
  name: "dev-disk-by\\x2dpartlabel-swap.swap",
});

function mountUnit(partition: string, label: string, path: string) {
  const check = `systemd-fsck@dev-disk-by\\x2dpartlabel-${label}.service`;
  return {
    contents: `[Unit]
Requires=${check}
After=${check}

[Mount]
Where=${path}
What=${partition}
Type=xfs
Options=defaults,prjquota

[Install]
RequiredBy=local-fs.target
`,
    enabled: true,
    name: `${mountUnitName(path)}.mount`,
  };
}

/** As systemd derives it from a path: `/var/lib/my-disk` is `var-lib-my\x2ddisk`. */
const mountUnitName = (path: string): string =>
  path
    .replaceAll(/^\/+|\/+$/g, "")
    .replaceAll(/[^A-Za-z0-9:_./]/g, (character) => [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""))
    .replaceAll(/\/+/g, "-");
