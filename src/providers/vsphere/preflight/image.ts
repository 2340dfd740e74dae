import { open } from "node:fs/promises";
import { collect } from "../inventory.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import { govcOf, type CheckInput } from "./check.ts";

/** `ustar` at its place in a tar file's first header. Source: POSIX pax, ustar interchange format */
const USTAR = { offset: 257, text: "ustar" };

/** Whole images are read and compared with their sha256 when they are imported; here the cheap part is looked at. */
export async function checkImage({ platform, domains }: CheckInput): Promise<Finding> {
  if (domains.every(({ topology }) => topology.template !== undefined)) return skipped("every failure domain has a template");
  const path = platform.clusterOSImage;
  if (path === undefined) return skipped("the distribution's node image, verified by its set-up and again when it is imported");
  if (/^https?:/.test(path)) return skipped("a URL, verified when it is downloaded");
  const file = await open(path.replace(/^file:\/\//, "").split("?sha256=")[0] ?? path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(USTAR.text.length), 0, USTAR.text.length, USTAR.offset);
    if (bytesRead === USTAR.text.length && buffer.toString("latin1") === USTAR.text)
      return ok(`${path}, ${Math.ceil((await file.stat()).size / 2 ** 20)} MiB`);
    return failed(`${path} is not an OVA`, "Give the OVA, which is a tar file, under platform.vsphere.clusterOSImage.");
  } finally {
    await file.close();
  }
}

interface Device {
  readonly _typeName?: string;
  readonly capacityInBytes?: number;
}

const LEAST_HARDWARE = 15;

/** The user's template must be one that machines can be cloned from, of the version that fits. */
export async function checkTemplate(input: CheckInput): Promise<Finding> {
  const given = input.domains.filter(({ topology }) => topology.template !== undefined);
  if (given.length === 0) return skipped("the image is imported");
  const texts: string[] = [];
  for (const { name, server, topology } of given) {
    const path = topology.template ?? "";
    const found = await collect(govcOf(input, server), path, [
      "config.template",
      "config.version",
      "config.hardware.device",
      "config.vAppConfig.product",
      "runtime.powerState",
    ]);
    if (found === undefined) return failed(`there is no template ${path}`, `Correct topology.template of failure domain ${name}, or leave it out.`);
    const problem = problemOf(
      found,
      Math.min(...input.machines.filter(({ vsphere }) => vsphere?.failureDomain === name).map(({ diskSizeGB }) => diskSizeGB)),
    );
    if (problem !== undefined)
      return failed(`${path} ${problem}`, `Give another template for failure domain ${name}, or leave topology.template out to have one imported.`);
    const version = productVersion(found["config.vAppConfig.product"]);
    texts.push(`${path}${version === undefined ? " (without a version)" : ` ${version}`}`);
  }
  if (input.spec.distribution === "kubernetes") return ok(texts.join(", "));
  return warning(texts.join(", "), "Make sure that its RHCOS version is of the same minor version as the release.");
}

function problemOf(found: Readonly<Record<string, unknown>>, smallestDiskGB: number): string | undefined {
  const devices = Array.isArray(found["config.hardware.device"]) ? (found["config.hardware.device"] as Device[]) : [];
  const disks = devices.filter(({ capacityInBytes }) => capacityInBytes !== undefined);
  const hardware = Number(/^vmx-(\d+)$/.exec(String(found["config.version"]))?.[1] ?? 0);
  const diskGB = Math.ceil((disks[0]?.capacityInBytes ?? 0) / 2 ** 30);
  if (found["config.template"] !== true) return "is a virtual machine, not a template";
  if (hardware < LEAST_HARDWARE) return `has virtual hardware ${hardware}, older than ${LEAST_HARDWARE}`;
  if (disks.length !== 1) return `has ${disks.length} disks, not one`;
  if (diskGB > smallestDiskGB) return `has a disk of ${diskGB} GiB, larger than the ${smallestDiskGB} GiB of the machines`;
  return undefined;
}

function productVersion(value: unknown): string | undefined {
  const products = Array.isArray(value) ? (value as { readonly version?: string }[]) : [];
  return products.map(({ version }) => version).find((version) => version !== undefined && version !== "");
}
