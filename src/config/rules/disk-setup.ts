import type { InstallConfig, Pool } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft, required, stricter, tooMany } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";

const LONGEST_DISK_ID = 12;
/** The key that holds the settings of each type. */
const SETTINGS = { etcd: "etcd", swap: "swap", "user-defined": "userDefined" } as const;
type Disk = NonNullable<Pool["diskSetup"]>[number];

/** `diskSetup` of a pool: what its data disks are for. Rules of OpenShift's installer, and that each disk exists. */
export function diskSetupRules(config: InstallConfig, pool: Pool, path: string): readonly IssueDraft[] {
  const setup = pool.diskSetup ?? [];
  if (setup.length === 0) return [];
  const issues = platformsOf(config).flatMap((platform) => {
    // OpenShift's installer finds that out where it renders the machines of the pool.
    if (platform.dataDisks === undefined)
      return [forbidden(`${path}.diskSetup`, `is not possible on platform ${platform.name}: it has no data disks`)];
    const names = platform.dataDisks(config, pool);
    return setup.flatMap((disk, index) => knownRules(disk, `${path}.diskSetup[${index}]`, names));
  });
  for (const [index, disk] of setup.entries()) issues.push(...typeRules(disk, `${path}.diskSetup[${index}]`));
  for (const type of ["etcd", "swap"] as const) {
    const count = setup.filter((disk) => disk.type === type).length;
    if (count > 1) issues.push({ ...tooMany(`${path}.diskSetup`, count, 1), message: `must have at most one disk of type ${type}` });
  }
  return issues;
}

function typeRules(disk: Disk, path: string): readonly IssueDraft[] {
  if (disk.type === undefined) return [required(`${path}.type`, `choose ${Object.keys(SETTINGS).join(", ")}`)];
  const key = SETTINGS[disk.type];
  const issues: IssueDraft[] = [];
  const others = Object.values(SETTINGS).filter((other) => other !== key && disk[other] !== undefined);
  for (const other of others) issues.push(forbidden(`${path}.${other}`, `cannot be given with type ${disk.type}`));
  if (disk[key] === undefined) return [...issues, required(`${path}.${key}`, "name the data disk by platformDiskID")];
  if (disk.type === "etcd" && !path.startsWith("controlPlane."))
    issues.push(invalid(`${path}.etcd`, disk.type, "is only possible for the control plane"));
  const mountPath = disk.userDefined?.mountPath ?? "";
  if (disk.type === "user-defined" && !/^\/[^/\s]/.test(mountPath))
    issues.push(stricter(invalid(`${path}.userDefined.mountPath`, mountPath, "must be an absolute path below /")));
  return issues;
}

function knownRules(disk: Disk, path: string, names: readonly string[]): readonly IssueDraft[] {
  return Object.values(SETTINGS).flatMap((key) => {
    const id = disk[key]?.platformDiskID;
    if (disk[key] === undefined) return [];
    const at = `${path}.${key}.platformDiskID`;
    if (id === undefined || id === "") return [required(at, "give the name of a data disk of the pool")];
    if (key === "userDefined" && id.length > LONGEST_DISK_ID) return [invalid(at, id, `must have at most ${LONGEST_DISK_ID} characters`)];
    if (names.includes(id)) return [];
    return [stricter(invalid(at, id, `is no data disk of the pool, which has ${names.length === 0 ? "none" : names.join(", ")}`))];
  });
}
