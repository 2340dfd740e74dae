import { describe, expect, it } from "vitest";
import { parseInstallConfig } from "../../../src/config/index.ts";
import { installConfigSchema } from "../../../src/config/schema/install-config.ts";
import { shapeOf } from "../../../src/config/fields/walk.ts";
import { kvm, yamlOf } from "./verdicts/support.ts";

/** What each key of the file does with distribution kubernetes. A key that is accepted has an effect; a new one has to be put somewhere here. */
const EFFECTIVE = [
  ...["apiVersion", "kind", "metadata", "baseDomain", "distribution", "platform", "controlPlane", "compute", "networking", "sshKey", "timeouts"],
  // Registries' credentials for the kubelet, proxy of the container runtime, certificates of the machines.
  ...["pullSecret", "proxy", "additionalTrustBundle", "additionalTrustBundlePolicy"],
  // Mirrors of the container runtime.
  ...["imageDigestSources", "imageContentSources", "additionalNTPServers"],
  ...["virtualization", "publish"],
];
/** A value of each that says something. */
const REFUSED: Readonly<Record<string, unknown>> = {
  arbiter: { name: "arbiter", replicas: 1 },
  operatorPublishingStrategy: { apiserver: "Internal" },
  fips: true,
  cpuPartitioningMode: "AllNodes",
  credentialsMode: "Mint",
  bootstrapInPlace: { installationDisk: "/dev/vda" },
  capabilities: { baselineCapabilitySet: "vCurrent" },
  featureSet: "TechPreviewNoUpgrade",
  featureGates: ["A=true"],
  osImageStream: "rhel-9",
  pki: { signerCertificates: { key: { algorithm: "RSA", rsa: { keySize: 4096 } } } },
  machineManagement: { enabled: true },
};
const POOL_EFFECTIVE = ["name", "replicas", "platform", "hyperthreading"];
const POOL_REFUSED: Readonly<Record<string, unknown>> = {
  architecture: "arm64",
  management: "Manual",
  fencing: { credentials: [] },
  diskSetup: [{ type: "etcd", etcd: { platformDiskID: "a" } }],
};

const errorsWith = (path: string, value: unknown): readonly string[] => {
  const { errors } = parseInstallConfig(yamlOf(kvm, { [path]: value }));
  return errors.map((error) => error.path);
};

describe("keys with distribution kubernetes", () => {
  it("are all either effective or refused", () => {
    expect(Object.keys(shapeOf(installConfigSchema) ?? {}).toSorted()).toEqual(
      [
        ...new Set([...EFFECTIVE.filter((key) => key !== "kind" || "kind" in (shapeOf(installConfigSchema) ?? {})), ...Object.keys(REFUSED)]),
      ].toSorted(),
    );
    for (const pool of ["controlPlane", "compute"] as const)
      expect(Object.keys(shapeOf(installConfigSchema.shape[pool]) ?? {}).toSorted()).toEqual(
        [...POOL_EFFECTIVE, ...Object.keys(POOL_REFUSED)].toSorted(),
      );
  });

  it.each(Object.entries(REFUSED))("%s is refused", (key, value) => {
    expect(errorsWith(key, value).filter((path) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`))).not.toEqual([]);
  });

  it.each(["controlPlane", "compute[0]"].flatMap((pool) => Object.entries(POOL_REFUSED).map(([key, value]) => [`${pool}.${key}`, value] as const)))(
    "%s is refused",
    (path, value) => {
      expect(errorsWith(path, value).filter((found) => found.startsWith(path))).not.toEqual([]);
    },
  );
});
