import type { PlatformAnswers, Question, Questions } from "../questions.ts";
import { completePath } from "./inventory-path.ts";

const question = (name: string, flags: string, description: string, message: string, initial: string | Question["initial"]): Question => ({
  name,
  flags,
  description: `vsphere: ${description}`,
  message,
  initial: typeof initial === "string" ? () => initial : initial,
});

/** One vCenter with one failure domain. Only asks: whether it is so, `virt-ipi doctor` checks. */
export const vsphereQuestions: Questions = {
  label: "vSphere: a vCenter",
  questions: [
    question("server", "--vcenter <server>", "name or address of the vCenter", "vCenter (name or address)", "vcenter.example.com"),
    question("user", "--vcenter-user <user>", "its user, or env:NAME or file:PATH", "Its user", "administrator@vsphere.local"),
    {
      ...question(
        "password",
        "--vcenter-password <reference>",
        "where the password is: env:NAME or file:PATH",
        "Where its password is (env:NAME or file:PATH)",
        "env:VCENTER_PASSWORD",
      ),
      reference: true,
    },
    question("datacenter", "--datacenter <name>", "datacenter", "Datacenter", "Datacenter"),
    question("cluster", "--cluster <path>", "name or path of the cluster", "Cluster", ({ datacenter }) => `/${datacenter ?? ""}/host/Cluster`),
    question(
      "datastore",
      "--datastore <path>",
      "name or path of the datastore",
      "Datastore",
      ({ datacenter }) => `/${datacenter ?? ""}/datastore/datastore1`,
    ),
    question("network", "--port-group <name>", "port group of the machines", "Port group", "VM Network"),
  ],
  // A file without a pull secret has to say that it needs none.
  distribution: "kubernetes",
  machineNetwork: "10.0.0.0/16",
  asksForVips: true,
  onThisHost: false,
  keys,
  comments: {
    vcenters: " Where user and password are not given plainly: env:NAME is an environment variable, file:PATH a file.",
    failureDomains: " Where in the inventory the machines are; `virt-ipi explain platform.vsphere.failureDomains` describes the rest.",
  },
};

function keys({ server = "", user, password, datacenter = "", cluster = "", datastore = "", network }: PlatformAnswers): object {
  return {
    vcenters: [{ server, user, password, datacenters: [datacenter] }],
    failureDomains: [
      {
        name: "fd-1",
        region: "region-1",
        zone: "zone-1",
        server,
        topology: {
          datacenter,
          computeCluster: completePath(cluster, "host", datacenter),
          networks: [network],
          datastore: completePath(datastore, "datastore", datacenter),
        },
      },
    ],
  };
}
