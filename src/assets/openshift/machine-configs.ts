import type { IgnitionConfig } from "../ignition/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { diskConfigs } from "./disk-setup.ts";
import { manifest, typed } from "./objects.ts";
import { openshiftPools } from "./pools.ts";

/** The changes to the machines' operating system that follow from the install-config, by pool. */
export const machineConfigs = (context: OpenShiftContext): readonly Manifest[] =>
  openshiftPools(context.openshift.config).flatMap((pool) => {
    const { openshift, contract, spec, platform } = context;
    const { name, hyperthreading } = pool;
    const configs: Manifest[] = [];
    if (hyperthreading === "Disabled")
      configs.push(machineConfig(context, name, "disable-hyperthreading", { kernelArguments: ["nosmt", "smt-enabled=off"] }));
    if (openshift.sshKey !== "") configs.push(machineConfig(context, name, "ssh", { config: authorizedKeys(openshift.sshKey) }));
    if (openshift.config.fips) configs.push(machineConfig(context, name, "fips", { fips: true }));
    const asksForBoth = contract.dualStackMachineConfigs || platform.dualStackMachineConfigs === true;
    if (spec.networking.serviceNetwork.length > 1 && asksForBoth)
      configs.push(machineConfig(context, name, "dual-stack", { kernelArguments: ["ip=dhcp,dhcp6"] }, `99-dual-stack-${name}`));
    for (const { label, config } of diskConfigs(context, pool))
      configs.push(machineConfig(context, name, "disk-setup", { config }, `01-disk-setup-${label.toLowerCase()}-${name}`));
    return configs;
  });

const IGNITION = { ignition: { version: "3.2.0" } } as const;

/** What a user adds to a pointer is for all machines of the pool, also those that are not started with it. */
export function pointerMachineConfig(context: OpenShiftContext, pool: string, { ignition, ...rest }: IgnitionConfig): Manifest {
  const { config: { merge: _pointedTo, ...more } = {}, ...others } = ignition;
  const own = { ...others, ...(Object.keys(more).length === 0 ? {} : { config: more }) };
  const name = `99-installer-ignition-${pool}`;
  return machineConfig(context, pool, "", { config: { ignition: own, ...rest } }, name, `openshift/99_openshift-installer-ignition_${pool}.yaml`);
}

/** Several keys stay one entry of the list. */
const authorizedKeys = (sshKey: string) => ({
  ...IGNITION,
  passwd: { users: [{ name: "core", sshAuthorizedKeys: [sshKey] }] },
});

function machineConfig(
  { contract }: OpenShiftContext,
  pool: string,
  what: string,
  spec: Readonly<Record<string, unknown>>,
  name = `99-${pool}-${what}`,
  path = `openshift/99_openshift-machineconfig_${name}.yaml`,
): Manifest {
  return manifest(
    path,
    typed(contract, {
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "MachineConfig",
      metadata: { name, labels: { "machineconfiguration.openshift.io/role": pool } },
      spec: {
        baseOSExtensionsContainerImage: "",
        config: IGNITION,
        extensions: null,
        fips: false,
        kernelArguments: null,
        kernelType: "",
        osImageURL: "",
        ...spec,
      },
    }),
  );
}
