import { certificateAges } from "../assets/index.ts";
import { InstallerError } from "../errors/index.ts";
import { bootstrapIsComplete, type PreparedAssets } from "../stack/index.ts";
import type { World } from "./context.ts";

const WARN_MS = 2 * 3_600_000;
/** What lives longer than this is not for the bootstrap alone. */
const SHORT_MS = 2 * 24 * 3_600_000;

/**
 * Certificates of the assets that have ended, end soon, or have not begun, before the machines have used them. OpenShift's first ones live a day: an
 * installation that is resumed later cannot come up.
 * @throws InstallerError CERTIFICATES_EXPIRED while bootstrapping is not complete
 */
export async function warnOfAges(world: Pick<World, "clock" | "reporter">, cluster: PreparedAssets): Promise<void> {
  const pem = [...cluster.assets].map(([path, asset]) => [path, decoded(asset.content)] as const);
  const ages = certificateAges(pem, world.clock.now());
  const expired = ages.filter(({ state }) => state === "expired");
  if (expired.length > 0 && !(await bootstrapIsComplete(cluster.folder)))
    throw new InstallerError("CERTIFICATES_EXPIRED", `${expired.length} certificates have expired`, {
      ...(expired[0] === undefined ? {} : { value: expired[0].subject }),
      details: expired.slice(0, 5).map(({ name, subject, notAfter }) => `${name}: ${subject} expired ${notAfter.toISOString()}`),
      ...(cluster.spec.openshift === undefined
        ? {}
        : { advice: "`virt-ipi create ignition-configs --regenerate` issues them again; no machine may be of the old ones." }),
    });
  // The machines refuse it as this host would.
  const early = ages.toSorted((a, b) => b.notBefore.getTime() - a.notBefore.getTime()).find(({ state }) => state === "not-yet-valid");
  if (early !== undefined)
    world.reporter.emit({
      type: "log",
      level: "warning",
      message: `certificate ${early.subject} of ${early.name} begins only at ${early.notBefore.toISOString()}: is the clock of this host right?`,
    });
  const soon = ages.find(({ state, remainingMs }) => state === "valid" && remainingMs < SHORT_MS);
  if (soon !== undefined)
    world.reporter.emit({
      type: "log",
      level: soon.remainingMs < WARN_MS ? "warning" : "info",
      message: `use ${soon.name} before ${soon.notAfter.toISOString()}: its certificate ${soon.subject} expires then`,
    });
}

/** Kubeconfigs and Ignition configs hold certificates in base64, as `…-data:` fields and data URLs; a text inside YAML is indented. */
function decoded(text: string): string {
  const parts = text.match(/LS0tLS1CRUdJTiBD[A-Za-z0-9+/=]+/g) ?? [];
  return [text.replaceAll("\\n", "\n").replaceAll(/^[ \t]+/gm, ""), ...parts.map((part) => Buffer.from(part, "base64").toString("utf8"))].join("\n");
}
