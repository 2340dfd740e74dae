import { checkCpu, checkDatastores, checkMemory } from "./capacity.ts";
import type { Check } from "./check.ts";
import { checkImage, checkTemplate } from "./image.ts";
import { checkDatastoreOnHosts, checkDrs, checkInventory, checkNetworkInCluster, checkZoneTags } from "./inventory.ts";
import { checkDnsApi, checkDnsApiInt, checkDnsApps, checkEsxi, checkLoadBalancer, checkVips } from "./network.ts";
import { checkPrivileges } from "./privileges.ts";
import { checkNames } from "./taken-names.ts";
import { checkCertificate, checkClock, checkLogin, checkReachable, checkTools, checkVersions } from "./vcenter.ts";

/** In the order that they are run and shown. */
export const CHECKS: readonly Check[] = [
  { id: "tools", title: "govc is installed", run: checkTools },
  { id: "vcenter-reachable", title: "every vCenter answers", run: checkReachable },
  { id: "vcenter-certificate", title: "every vCenter's certificate is verified", run: checkCertificate },
  { id: "vcenter-login", title: "user and password are right", run: checkLogin },
  { id: "vcenter-version", title: "vCenters and ESXi hosts are new enough", run: checkVersions },
  { id: "clock", title: "the clocks of the vCenters are right", run: checkClock },
  { id: "inventory", title: "everything named in the install-config exists", run: checkInventory },
  { id: "network-in-cluster", title: "each network is on hosts of its compute cluster", run: checkNetworkInCluster },
  { id: "datastore-on-hosts", title: "each datastore is on hosts of its compute cluster", run: checkDatastoreOnHosts },
  { id: "zone-tags", title: "regions and zones are tagged", run: checkZoneTags },
  { id: "drs", title: "DRS is on in the compute clusters", run: checkDrs },
  { id: "privileges", title: "the account has the privileges that are needed", run: checkPrivileges },
  { id: "cpu", title: "there are CPUs for all machines at once, bootstrap included", run: checkCpu },
  { id: "memory", title: "there is memory for all machines at once, bootstrap included", run: checkMemory },
  { id: "datastore-space", title: "there is space for all disks", run: checkDatastores },
  { id: "template", title: "given templates can be cloned", run: checkTemplate },
  { id: "image", title: "the image can be read and is an OVA", run: checkImage },
  { id: "esxi-reachable", title: "the hosts that the image is uploaded to answer", run: checkEsxi },
  { id: "names-free", title: "no foreign machine, folder or tag has our names", run: checkNames },
  { id: "vip-free", title: "nobody has the virtual addresses", run: checkVips },
  { id: "dns-api", title: "api resolves to the API VIPs", run: checkDnsApi },
  { id: "dns-api-int", title: "api-int resolves to the API VIPs", run: checkDnsApiInt },
  { id: "dns-apps", title: "*.apps resolves to the Ingress VIPs", run: checkDnsApps },
  { id: "load-balancer", title: "a load balancer of your own listens", run: checkLoadBalancer },
];
