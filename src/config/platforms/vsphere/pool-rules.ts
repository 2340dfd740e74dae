import type { InstallConfig } from "../../install-config.ts";
import type { VspherePool } from "./spec.ts";
import { duplicate, invalid, type IssueDraft, required, stricter } from "../../issue.ts";
import { earlierTwins } from "../../earlier-twin.ts";
import { socketsOf } from "./pool.ts";

const MOST_DATA_DISKS = 29;
const LONGEST_DISK_NAME = 80;
const LARGEST_DATA_DISK = 16_384;
const DISK_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/;
// RFC 1035, and the longest name of a cluster.
const ZONE_NAME = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const LONGEST_ZONE_NAME = 54;
const MOST_SHOWN = 5;

/** controlPlane.platform.vsphere, compute[].platform.vsphere and platform.vsphere.defaultMachinePlatform */
export function vspherePoolRules(config: InstallConfig): readonly IssueDraft[] {
  const base = config.platform?.vsphere?.defaultMachinePlatform;
  const named = [
    { path: "platform.vsphere.defaultMachinePlatform", own: base, below: undefined },
    { path: "controlPlane.platform.vsphere", own: config.controlPlane.platform?.vsphere, below: base },
    ...config.compute.map((pool, index) => ({ path: `compute[${index}].platform.vsphere`, own: pool.platform?.vsphere, below: base })),
  ];
  const domains = (config.platform?.vsphere?.failureDomains ?? []).flatMap(({ name }) => name ?? []);
  const known: KnownZones = { names: new Set(domains), shown: domains.slice(0, MOST_SHOWN).join(", ") };
  return named.flatMap(({ path, own, below }) => {
    if (own === undefined) return [];
    const sizes = [...sizeRules(own, path), ...socketRules(config, own, below, path)];
    const shapes = [...sizes, ...diskRules(own, `${path}.dataDisks`), ...zoneShapeRules(own, `${path}.zones`)];
    // OpenShift's installer only checks what a pool has of its own. Without the zone, it fails while it renders the machines.
    const zones = zoneRules(known, own, `${path}.zones`);
    return own === base ? [...shapes.map(stricter), ...(hasPoolWithoutOwn(config) ? zones : zones.map(stricter))] : [...shapes, ...zones];
  });
}

/** A pool that says anything of its own has its own zones too, or all. */
const hasPoolWithoutOwn = (config: InstallConfig): boolean =>
  [config.controlPlane, ...config.compute].some(({ platform }) => platform?.vsphere === undefined);

function sizeRules({ cpus, coresPerSocket, memoryMB, osDisk }: VspherePool, path: string): readonly IssueDraft[] {
  const parts = { cpus, coresPerSocket, memoryMB, "osDisk.diskSizeGB": osDisk?.diskSizeGB };
  return Object.entries(parts).flatMap(([key, value]) =>
    value !== undefined && value < 0 ? [invalid(`${path}.${key}`, value, "must not be negative")] : [],
  );
}

/** Of what the machines get in the end: a part may come from defaultMachinePlatform or the built-in defaults. */
function socketRules({ distribution }: InstallConfig, own: VspherePool, base: VspherePool | undefined, path: string): readonly IssueDraft[] {
  if ((own.cpus ?? 0) < 0 || (own.coresPerSocket ?? 0) < 0) return [];
  const { cpus, coresPerSocket } = socketsOf(distribution, own, base);
  if (coresPerSocket > cpus) return [invalid(`${path}.coresPerSocket`, coresPerSocket, `must be at most the number of cpus, ${cpus}`)];
  return cpus % coresPerSocket === 0 ? [] : [invalid(`${path}.cpus`, cpus, `must be a multiple of coresPerSocket, ${coresPerSocket}`)];
}

function diskRules({ dataDisks = [] }: VspherePool, path: string): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  if (dataDisks.length > MOST_DATA_DISKS) issues.push(invalid(path, dataDisks.length, `must have at most ${MOST_DATA_DISKS} disks`));
  const names = new Set<string>();
  for (const [index, { name = "", sizeGiB = 0 }] of dataDisks.entries()) {
    const at = `${path}[${index}]`;
    if (name === "") issues.push(required(`${at}.name`, "give the disk a name"));
    else if (name.length > LONGEST_DISK_NAME) issues.push(invalid(`${at}.name`, name, `must have at most ${LONGEST_DISK_NAME} characters`));
    else if (!DISK_NAME.test(name))
      issues.push(invalid(`${at}.name`, name, "must be of letters, digits, hyphens and underscores, with a letter or digit at both ends"));
    else if (names.has(name)) issues.push(stricter(duplicate(`${at}.name`, name)));
    names.add(name);
    if (sizeGiB === 0) issues.push(required(`${at}.sizeGiB`, "give the size of the disk"));
    else if (sizeGiB < 0 || sizeGiB > LARGEST_DATA_DISK) {
      const issue = invalid(`${at}.sizeGiB`, sizeGiB, `must be between 1 and ${LARGEST_DATA_DISK}`);
      issues.push(sizeGiB < 0 ? stricter(issue) : issue);
    }
  }
  return issues;
}

interface KnownZones {
  readonly names: ReadonlySet<string>;
  /** The first of them, for messages. */
  readonly shown: string;
}

const zoneRules = ({ names, shown }: KnownZones, { zones = [] }: VspherePool, path: string): readonly IssueDraft[] =>
  [...new Set(zones)].flatMap((zone) =>
    names.size === 0 || names.has(zone) ? [] : [invalid(path, zone, `is not defined in failureDomains, which has ${shown}`)],
  );

function zoneShapeRules({ zones = [] }: VspherePool, path: string): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const twins = earlierTwins(zones, (zone) => zone);
  for (const [index, zone] of zones.entries()) {
    if (!ZONE_NAME.test(zone) || zone.length > LONGEST_ZONE_NAME)
      issues.push(
        invalid(path, zone, `must be names of at most ${LONGEST_ZONE_NAME} lower-case letters, digits and hyphens that begin with a letter`),
      );
    if (twins[index] !== undefined) issues.push(duplicate(`${path}[${index}]`, zone));
  }
  return issues;
}
