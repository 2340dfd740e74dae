import { isIP } from "node:net";
import type { InstallConfigAnswers, VSphereAnswers } from "../../config/index.ts";
import { askForNetwork, isNeeded, type Asker, type Validation } from "./asker.ts";
import { isReference } from "./vsphere-answers.ts";

type Answers = Pick<InstallConfigAnswers, "machineNetwork" | "apiVIP" | "ingressVIP"> & { readonly vsphere: VSphereAnswers };

const isAddress: Validation = (value) => (isIP(value) === 0 ? "write an IP address" : undefined);

/** Where in which vCenter the machines shall be. Only asks: whether it is so, `virt-ipi doctor` looks. */
export async function askForVsphere(asker: Asker, given: Partial<InstallConfigAnswers>, options: Partial<VSphereAnswers>): Promise<Answers> {
  const server = options.server ?? (await asker.text("vCenter (name or address)", "vcenter.example.com", isNeeded));
  const user = options.user ?? (await asker.text("Its user", "administrator@vsphere.local", isNeeded));
  const password =
    options.password ??
    (await asker.text("Where its password is (env:NAME or file:PATH)", "env:VCENTER_PASSWORD", (value) =>
      isReference(value) ? undefined : "write env:NAME or file:PATH; the password itself does not go into the file",
    ));
  const datacenter = options.datacenter ?? (await asker.text("Datacenter", "Datacenter", isNeeded));
  const cluster = options.cluster ?? (await asker.text("Cluster", `/${datacenter}/host/Cluster`, isNeeded));
  const datastore = options.datastore ?? (await asker.text("Datastore", `/${datacenter}/datastore/datastore1`, isNeeded));
  const network = options.network ?? (await asker.text("Port group", "VM Network", isNeeded));
  return {
    vsphere: { server, user, password, datacenter, cluster, datastore, network },
    machineNetwork: given.machineNetwork ?? (await askForNetwork(asker, "10.0.0.0/16")),
    apiVIP: given.apiVIP ?? (await asker.text("Address of the API (a free one in that network)", "", isAddress)),
    ingressVIP: given.ingressVIP ?? (await asker.text("Address of the routes (another free one)", "", isAddress)),
  };
}
