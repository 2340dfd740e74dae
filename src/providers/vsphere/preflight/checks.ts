import { checkCpu, checkDatastores, checkMemory } from "./capacity.ts";
import type { Check } from "../../preflight/check.ts";
import { checkVirtualizationMemory } from "../../preflight/virtualization-memory.ts";
import type { CheckInput } from "./check.ts";
import { checkImage, checkTemplate } from "./image.ts";
import { checkDatastoreOnHosts, checkDrs, checkInventory, checkNetworkInCluster, checkZoneTags } from "./inventory.ts";
import { checkDnsApi, checkDnsApiInt, checkDnsApps, checkEsxi, checkLoadBalancer, checkVips } from "./network.ts";
import { checkPrivileges } from "./privileges.ts";
import { checkNames } from "./taken-names.ts";
import { checkCertificate, checkClock, checkLogin, checkReachable, checkTools, checkVersions } from "./vcenter.ts";

const CONNECTED = ["tools", "vcenter-reachable", "vcenter-certificate", "vcenter-login"];
/** What looks at the objects named in the install-config. */
const FOUND = [...CONNECTED, "inventory"];

/** In the order that they are shown. */
export const CHECKS: readonly Check<CheckInput>[] = [
  { id: "tools", title: "govc is installed", run: checkTools },
  { id: "vcenter-reachable", needs: ["tools"], title: "every vCenter answers", run: checkReachable },
  { id: "vcenter-certificate", needs: ["tools", "vcenter-reachable"], title: "every vCenter's certificate is verified", run: checkCertificate },
  { id: "vcenter-login", needs: ["tools", "vcenter-reachable", "vcenter-certificate"], title: "user and password are right", run: checkLogin },
  { id: "vcenter-version", needs: CONNECTED, title: "vCenters and ESXi hosts are new enough", run: checkVersions },
  { id: "clock", needs: CONNECTED, title: "the clocks of the vCenters are right", run: checkClock },
  { id: "inventory", needs: CONNECTED, title: "everything named in the install-config exists and is of the right kind", run: checkInventory },
  { id: "network-in-cluster", needs: FOUND, title: "each network is on hosts of its compute cluster", run: checkNetworkInCluster },
  { id: "datastore-on-hosts", needs: FOUND, title: "each datastore is on hosts of its compute cluster", run: checkDatastoreOnHosts },
  { id: "zone-tags", needs: FOUND, title: "regions and zones are tagged", run: checkZoneTags },
  { id: "drs", needs: FOUND, title: "DRS is on in the compute clusters", run: checkDrs },
  { id: "privileges", needs: FOUND, title: "the account has the privileges that are needed", run: checkPrivileges },
  { id: "cpu", needs: FOUND, title: "there are CPUs for all machines at once, bootstrap included", run: checkCpu },
  { id: "memory", needs: FOUND, title: "there is memory for all machines at once, bootstrap included", run: checkMemory },
  { id: "virtualization-memory", title: "machines have memory for KubeVirt and a virtual machine", run: checkVirtualizationMemory },
  { id: "datastore-space", needs: FOUND, title: "there is space for all disks", run: checkDatastores },
  { id: "template", needs: FOUND, title: "given templates can be cloned", run: checkTemplate },
  { id: "image", needs: CONNECTED, title: "the image can be read and is an OVA", run: checkImage },
  { id: "esxi-reachable", needs: FOUND, title: "the hosts that the image is uploaded to answer", run: checkEsxi },
  { id: "names-free", needs: FOUND, title: "no other machine, folder or tag has the names of this cluster", run: checkNames },
  { id: "vip-free", needs: CONNECTED, title: "the virtual addresses are free", run: checkVips },
  { id: "dns-api", needs: CONNECTED, title: "api resolves to the API VIPs", run: checkDnsApi },
  { id: "dns-api-int", needs: CONNECTED, title: "api-int resolves to the API VIPs", run: checkDnsApiInt },
  { id: "dns-apps", needs: CONNECTED, title: "*.apps resolves to the Ingress VIPs", run: checkDnsApps },
  { id: "load-balancer", needs: CONNECTED, title: "your own load balancer listens", run: checkLoadBalancer },
];
