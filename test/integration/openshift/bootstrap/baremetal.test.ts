import { afterEach, beforeEach, expect, it } from "vitest";
import { BootstrapMachine } from "../../../helpers/bootstrap-machine.ts";
import { components, lines, playRelease } from "./release.ts";

/** What the bootstrap machine does where the cluster provisions hardware. */
let machine: BootstrapMachine;
beforeEach(async () => {
  machine = await BootstrapMachine.create("baremetal-managed", "4.21");
  await playRelease(machine);
  await machine.write(
    "/etc/ironic-network.env",
    'PROVISIONING_IP="172.22.0.2"\nPROVISIONING_PREFIX="24"\nPROVISIONING_MAC="52:54:00:AA:BB:CC"\nPROVISIONING_NETWORK="Managed"\n',
  );
  await machine.as("ip", `echo '[{"ifname": "eth0", "address": "52:54:00:00:00:01"}, {"ifname": "eth1", "address": "52:54:00:aa:bb:cc"}]'\n`);
});
afterEach(async () => {
  await machine.dispose();
});
const script = async (name: string, ...args: readonly string[]): Promise<number> => (await machine.run([`/usr/local/bin/${name}`, ...args])).exitCode;

it("names the images and the address of Ironic, also when it does so again", async () => {
  for (const name of ["build-ironic-env.sh", "build-metal3-env.sh", "build-ironic-env.sh", "build-metal3-env.sh"]) expect(await script(name)).toBe(0);
  expect(components(await machine.calls("podman")).slice(0, 4)).toEqual([
    "ironic",
    "baremetal-operator",
    "image-customization-controller",
    "ironic-agent",
  ]);
  expect(await machine.read("/etc/ironic-images.env")).toBe(
    "IRONIC_IMAGE=images/ironic\nBAREMETAL_OPERATOR_IMAGE=images/baremetal-operator\nCUSTOMIZATION_IMAGE=images/image-customization-controller\n",
  );
  const network = await machine.read("/etc/ironic-network.env");
  expect(network.match(/^(?:PROVISIONING_INTERFACE|IRONIC_IP)=.*$/gm)).toEqual(['PROVISIONING_INTERFACE="eth1"', 'IRONIC_IP="172.22.0.2"']);
  const metal3 = await machine.read("/etc/metal3.env");
  expect(metal3.match(/^IRONIC_BASE_URL=.*$/gm)).toEqual(['IRONIC_BASE_URL="http://172.22.0.2:6385"']);
  expect(metal3).toContain("CONTROL_PLANE_REPLICAS=");
});

it("sets up the interface on the provisioning network, and lets the control plane's hosts alone boot from it", async () => {
  await machine.write("/etc/ironic.env", 'DHCP_HOSTS="52:54:00:00:01:01 52:54:00:00:01:02"\n');
  await machine.as("iptables", `[[ $* != *--check* ]]\n`);
  expect(await script("start-provisioning-nic.sh")).toBe(0);
  const calls = (await machine.calls("nmcli", "iptables")).map((call) => call.join(" "));
  expect(calls).toContain(
    "nmcli connection add type ethernet con-name provisioning ifname eth1 ipv4.method manual ipv4.addresses 172.22.0.2/24 ipv4.never-default yes ipv6.method disabled",
  );
  expect(calls).toContain("iptables --wait --insert INPUT --in-interface eth1 --protocol tcp --dport 6385 --jump ACCEPT");
  expect(calls).toContain("iptables --wait --append provisioning-dhcp --match mac --mac-source 52:54:00:00:01:02 --jump ACCEPT");
  expect(calls.at(-1)).toBe("iptables --wait --insert INPUT --in-interface eth1 --protocol udp --dport 67 --jump provisioning-dhcp");
});

it("does nothing to the interfaces without a provisioning network", async () => {
  await machine.write(
    "/etc/ironic-network.env",
    'PROVISIONING_IP="192.0.2.9"\nPROVISIONING_PREFIX=""\nPROVISIONING_MAC=""\nPROVISIONING_NETWORK="Disabled"\n',
  );
  expect(await script("start-provisioning-nic.sh")).toBe(0);
  expect(await machine.calls()).toEqual([]);
});

it("takes the hosts' first operating system out of the release, once", async () => {
  for (const name of ["extract-machine-os.sh", "setup-image-data.sh"]) expect(await script(name)).toBe(0);
  expect(lines(await machine.calls("podman"))).toEqual([
    "podman run --quiet --rm --log-driver=k8s-file --net=none --volume ironic:/shared:z --entrypoint=/bin/copy-metal images/machine-os-images --all /shared/html/images",
  ]);
});

it("hands the hosts over once those of the control plane are provisioned", async () => {
  const host = (state: string) => `{"metadata": {"name": "host"}, "status": {"provisioning": {"state": "${state}"}, "hardware": {}}}`;
  await machine.write("/etc/metal3.env", 'CONTROL_PLANE_REPLICAS="1"\n');
  await machine.as(
    "oc",
    `[[ $* != *" get "* ]] || { echo >>/asked; [[ $(wc -l </asked) == 1 ]] && echo '{"items": [${host("provisioning")}]}' || echo '{"items": [${host("provisioned")}]}'; }\n`,
  );
  expect(await script("master-bmh-update.sh")).toBe(0);
  const calls = (await machine.calls("oc", "systemctl", "sleep")).map((call) => call.join(" "));
  const get = "oc --namespace=openshift-machine-api get baremetalhosts.metal3.io --output=json --selector=installer.openshift.io/role=control-plane";
  expect(calls).toEqual([
    get,
    "sleep 20",
    get,
    "systemctl stop metal3-baremetal-operator.service",
    get,
    'oc --namespace=openshift-machine-api annotate --overwrite baremetalhosts.metal3.io host baremetalhost.metal3.io/status={"provisioning":{"state":"provisioned"}}',
    "oc --namespace=openshift-machine-api annotate --overwrite baremetalhosts.metal3.io --all baremetalhost.metal3.io/paused-",
  ]);
});
