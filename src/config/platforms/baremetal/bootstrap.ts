import { hkdfSync } from "node:crypto";
import { bracketed } from "../../../util/index.ts";
import { contains, parseAddress, parseCidr } from "../../network/address.ts";
import type { PlatformAssetInput, PlatformFile, PlatformUnit } from "../openshift-platform.ts";
import { roleOf } from "./roles.ts";
import type { BaremetalPlatformSpec } from "./spec.ts";

/** The service that provisions hosts; also the name of its certificate. */
export const IRONIC = "ironic";
const USER = "bootstrap-user";
const PASSWORD_BYTES = 12;

const CONTAINERS = ["image-customization", "ironic", "ironic-dnsmasq", "ironic-httpd", "ironic-ramdisk-logs", "metal3-baremetal-operator"] as const;
const SCRIPTS = [
  "build-ironic-env.sh",
  "build-metal3-env.sh",
  "dhcp-filter.sh",
  "master-bmh-update.sh",
  "prov-iptables.sh",
  "setup-image-data.sh",
  "start-provisioning-nic.sh",
] as const;

/**
 * Files of the bootstrap machine, which provisions the control plane's hosts until the cluster does it.
 * Source of paths: openshift/installer, data/data/bootstrap/baremetal, by description.
 */
export function bootstrapFiles(input: PlatformAssetInput, keyOf: (certificate: string) => string): readonly PlatformFile[] {
  const { contract, spec } = input;
  const { settings } = spec.platform as BaremetalPlatformSpec;
  const { extractsMachineOs, bmcCertificates } = contract.metal;
  const password = passwordOf(keyOf(IRONIC));
  const certificates = settings.bmcVerifyCA ?? "";
  return [
    { path: "/etc/NetworkManager/conf.d/99-baremetal.conf", template: "files/99-unmanaged-resolv.conf" },
    { path: "/etc/NetworkManager/dispatcher.d/30-local-dns-prepender", template: "files/30-local-dns-prepender" },
    text("/etc/NetworkManager/system-connections/nmconnection", connection(input)),
    ...CONTAINERS.map((name) => ({ path: `/etc/containers/systemd/${name}.container`, template: `baremetal/${name}.container` })),
    { path: "/etc/containers/systemd/ironic.volume", template: "baremetal/ironic.volume" },
    text("/etc/ironic.env", environment(ironicVariables(input))),
    text("/etc/ironic-network.env", environment(networkVariables(input))),
    text("/etc/metal3.env", environment(metal3Variables(input))),
    {
      path: "/opt/metal3/auth/clouds.yaml",
      template: "baremetal/clouds.yaml",
      values: { user: USER, password, address: bracketed(spec.vips.api[0] ?? "") },
    },
    ...[IRONIC, "ironic-inspector"].flatMap((service) => [
      text(`/opt/metal3/auth/${service}/username`, USER),
      text(`/opt/metal3/auth/${service}/password`, password),
    ]),
    ...(bmcCertificates === "always" || (bmcCertificates !== undefined && certificates !== "")
      ? [text("/opt/openshift/bmc-ca/verify_ca.crt", certificates)]
      : []),
    ...[...SCRIPTS, ...(extractsMachineOs ? ["extract-machine-os.sh"] : [])].map((name) => ({
      path: `/usr/local/bin/${name}`,
      template: `baremetal/scripts/${name}`,
    })),
  ];
}

export function bootstrapUnits({ contract }: PlatformAssetInput): readonly PlatformUnit[] {
  const { extractsMachineOs, waitsForIptables } = contract.metal;
  return [
    { path: "build-ironic-env.service" },
    { path: "build-metal3-env.service" },
    { path: "master-bmh-update.service", enabled: true as const },
    { path: "provisioning-interface.service" },
    ...(waitsForIptables ? [{ path: "wait-iptables-init.service" }] : []),
    ...(extractsMachineOs ? [{ path: "extract-machine-os.service" }] : []),
  ].map((unit) => ({ ...unit, template: `baremetal/${unit.path}` }));
}

const text = (path: string, contents: string): PlatformFile => ({ path, template: "files/verbatim", values: { contents } });

/** The same for the same keys, and known to nobody who does not have them. */
const passwordOf = (privateKey: string): string =>
  Buffer.from(hkdfSync("sha256", privateKey, "", "password of the bootstrap machine's ironic", PASSWORD_BYTES)).toString("base64url");

type Variables = Readonly<Record<string, string>>;

const environment = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");

const settingsOf = ({ spec }: PlatformAssetInput) => (spec.platform as BaremetalPlatformSpec).settings;

/** Prefix length of the network that an address lies in. */
function prefixOf(address: string, networks: readonly string[]): string {
  const parsed = parseAddress(address);
  const network = networks.flatMap((cidr) => parseCidr(cidr) ?? []).find((cidr) => parsed !== undefined && contains(cidr, parsed));
  return network === undefined ? "" : String(network.prefix);
}

function networkVariables(input: PlatformAssetInput): Variables {
  const settings = settingsOf(input);
  const { bootstrapProvisioningIP = "", provisioningNetworkCIDR = "", provisioningNetwork } = settings;
  const isDisabled = provisioningNetwork === "Disabled";
  const networks = isDisabled ? input.spec.networking.machineNetwork : [provisioningNetworkCIDR];
  return {
    PROVISIONING_IP: bootstrapProvisioningIP,
    PROVISIONING_PREFIX: prefixOf(bootstrapProvisioningIP, networks),
    PROVISIONING_MAC: (isDisabled ? settings.externalMACAddress : settings.provisioningMACAddress) ?? "",
    PROVISIONING_NETWORK: provisioningNetwork ?? "",
  };
}

function ironicVariables(input: PlatformAssetInput): Variables {
  const settings = settingsOf(input);
  const { hosts } = input.spec.platform as BaremetalPlatformSpec;
  const isManaged = settings.provisioningNetwork === "Managed";
  const network = parseCidr(settings.provisioningNetworkCIDR ?? "");
  const leases = isManaged ? `${settings.provisioningDHCPRange ?? ""},${network?.prefix ?? ""}` : "";
  const macs = hosts.filter((host) => roleOf(host) === "master" || roleOf(host) === "arbiter").map(({ bootMACAddress = "" }) => bootMACAddress);
  return {
    DHCP_RANGE: leases,
    DHCP_HOSTS: isManaged ? macs.join(" ") : "",
    DHCP_GATEWAY: isManaged ? (settings.provisioningNetworkGateway ?? "") : "",
    NTP_SERVERS: (settings.additionalNTPServers ?? []).join(","),
    IRONIC_USER: USER,
  };
}

function metal3Variables({ spec, openshift }: PlatformAssetInput): Variables {
  return {
    API_VIPS: spec.vips.api.join(" "),
    CONTROL_PLANE_REPLICAS: String(openshift.config.controlPlane.replicas),
    METAL3_AUTH_ROOT_DIR: "/opt/metal3/auth",
  };
}

/** NetworkManager's keyfile for a static address of the bootstrap machine; empty without one. */
function connection(input: PlatformAssetInput): string {
  const {
    bootstrapExternalStaticIP = "",
    bootstrapExternalStaticGateway = "",
    bootstrapExternalStaticDNS = "",
    externalMACAddress = "",
  } = settingsOf(input);
  const address = parseAddress(bootstrapExternalStaticIP);
  if (address === undefined) return "";
  const [used, unused] = address.family === "IPv4" ? ["ipv4", "ipv6"] : ["ipv6", "ipv4"];
  const prefix = prefixOf(bootstrapExternalStaticIP, input.spec.networking.machineNetwork);
  // In no machine network it has no prefix, and NetworkManager would refuse the file.
  if (prefix === "") return "";
  const gateway = bootstrapExternalStaticGateway === "" ? "" : `,${bootstrapExternalStaticGateway}`;
  return [
    "[connection]",
    "id=external",
    "type=ethernet",
    "[ethernet]",
    `mac-address=${externalMACAddress}`,
    `[${used}]`,
    "method=manual",
    `address1=${bootstrapExternalStaticIP}/${prefix}${gateway}`,
    ...(bootstrapExternalStaticDNS === "" ? [] : [`dns=${bootstrapExternalStaticDNS}`]),
    `[${unused}]`,
    "method=auto",
    "",
  ].join("\n");
}
