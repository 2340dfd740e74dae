import type { InstallConfig } from "../../../src/config/index.ts";
import { required } from "../../../src/config/issue.ts";
import { machineSize } from "../../../src/config/platforms/machine-size.ts";
import type { PlatformConfig } from "../../../src/config/platforms/platform-config.ts";
import { fakePool, fakeSchema, own } from "./spec.ts";

const given = (config: InstallConfig) => config.platform?.fake ?? {};

/** What the fake platform has in the install-config. Uses every hook that a platform may need. */
export const fakeConfig: PlatformConfig = {
  name: "fake",
  schema: fakeSchema,
  poolSchema: fakePool,
  makesMachines: true,
  onPremises: true,
  openshift: { type: "Fake" },
  defaultTexts: { distribution: "kubernetes on platform fake" },
  distributionWithoutPullSecret: "kubernetes",
  machineNetwork: () => "10.77.0.0/24",
  convert: (config, { positions, warnings }) => {
    const { directory, ...fake } = config.platform?.fake ?? {};
    if (directory === undefined) return config;
    warnings.push({ path: "platform.fake.directory", kind: "Forbidden", message: "is deprecated; use folder" });
    positions.moved("platform.fake.folder", "platform.fake.directory");
    return { ...config, platform: { ...config.platform, fake: { ...fake, folder: directory } } };
  },
  resolveCredentials: (config, resolve) => {
    const token = resolve(given(config).token, "platform.fake.token");
    return token === undefined ? config : { ...config, platform: { ...config.platform, fake: { ...given(config), token } } };
  },
  vips: () => ({ apiVIPs: ["10.77.0.5"], ingressVIPs: ["10.77.0.6"] }),
  rules: (config) => (given(config).folder === undefined ? [required("platform.fake.folder", "say where the machines are")] : []),
  platformSpec: (config) => ({ name: "fake", folder: given(config).folder ?? "", token: given(config).token ?? "" }),
  withoutCredentials: (spec) => ({ ...spec, platform: { ...own(spec), token: "" } }),
  secrets: (spec) => [own(spec).token],
  poolSize: (config, pool) => ({ ...machineSize(config.distribution), shelf: pool.platform?.fake?.shelf ?? "middle" }),
  bootstrapSize: () => ({ cpus: 1, memoryMB: 1_024, diskSizeGB: 8 }),
  machine: (_role, _index, pool) => ({ shelf: pool.shelf ?? "" }),
  macRange: { prefix: "02:fa:ce", fourthBytes: 16 },
  managedNetwork: ({ networking }) => networking.machineNetwork[0],
  questions: {
    label: "Fake: files",
    questions: [
      { name: "folder", flags: "--fake-folder <path>", description: "fake: folder of the machines", message: "Folder", initial: () => "/x" },
    ],
    machineNetwork: "10.77.0.0/24",
    asksForVips: false,
    onThisHost: true,
    keys: ({ folder }) => ({ folder }),
    comments: { folder: " Where the machines are." },
  },
};
