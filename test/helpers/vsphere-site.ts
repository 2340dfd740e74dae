import type { Vcsim } from "../../tools/vcsim/index.ts";

/**
 * A datacenter as sites have them: `dc1` with the cluster c1 and the host esx7, which is in none, the datastore nvme1 and a datastore cluster, and
 * port groups in network folders; and what may be taken for something else.
 * @param folder of this machine, for datastores
 */
export async function makeSite({ govc }: Pick<Vcsim, "govc">, folder: string): Promise<void> {
  const dc = ["-dc", "/dc1"];
  const host = (name: string): readonly string[] => ["-hostname", name, "-username", "u", "-password", "p", "-noverify"];
  const datastore = (name: string, ...hosts: readonly string[]): readonly string[] => [
    "datastore.create",
    ...dc,
    "-type",
    "local",
    "-name",
    name,
    "-path",
    folder,
    ...hosts,
  ];
  const inCluster = "/dc1/host/c1/esx1.example.com";
  const vm = (...args: readonly string[]): readonly string[] => [
    "vm.create",
    ...dc,
    "-on=false",
    "-ds",
    "nvme1",
    "-net",
    "VM Network",
    "-pool",
    "/dc1/host/c1/Resources",
    ...args,
  ];
  const steps: readonly (readonly string[])[] = [
    ["datacenter.create", "dc1"],
    ["cluster.create", ...dc, "c1"],
    ["cluster.add", ...dc, "-cluster", "c1", ...host("esx1.example.com")],
    ["host.add", ...dc, ...host("esx7.example.com")],
    datastore("nvme1", inCluster, "/dc1/host/esx7.example.com/esx7.example.com"),
    datastore("member1", inCluster),
    ["folder.create", "-pod", "/dc1/datastore/pod1"],
    ["object.mv", "/dc1/datastore/member1", "/dc1/datastore/pod1"],
    [
      "folder.create",
      "/dc1/network/siteA",
      "/dc1/network/siteB",
      "/dc1/network/elsewhere",
      "/dc1/host/prod",
      "/dc1/host/test",
      "/dc1/vm/teams",
      "/dc1/vm/teams/red",
    ],
    ...["siteA", "siteB", "elsewhere"].map((name) => ["dvs.create", ...dc, "-folder", `/dc1/network/${name}`, `dvs-${name}`]),
    ...["siteA/ocp", "siteB/twin", "siteA/twin", "elsewhere/ocp", "elsewhere/apart", "siteA/a%2fb"].map((path) => {
      const [where = "", name = ""] = path.split("/");
      return ["dvs.portgroup.add", ...dc, "-dvs", `dvs-${where}`, name];
    }),
    ...["siteA", "siteB"].map((name) => ["dvs.add", ...dc, "-dvs", `dvs-${name}`, inCluster]),
    ...["prod/c2", "prod/c3", "test/c3"].map((path) => ["cluster.create", ...dc, "-folder", `/dc1/host/${path.slice(0, 4)}`, path.slice(5)]),
    ["cluster.add", ...dc, "-cluster", "/dc1/host/prod/c2", ...host("esx2.example.com")],
    [
      "pool.create",
      "/dc1/host/prod/c2/Resources/apps",
      "/dc1/host/prod/c2/Resources/apps/deep",
      "/dc1/host/c1/Resources/apps",
      "/dc1/host/c1/Resources/nested",
    ],
    vm("jump"),
    vm("golden"),
    ["vm.markastemplate", ...dc, "golden"],
  ];
  for (const step of steps) await govc(...step);
}
