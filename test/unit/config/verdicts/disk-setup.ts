import { baremetal, type Case, FORBIDDEN, INVALID, none, REQUIRED, TOO_MANY, UNSUPPORTED, vsphere, vsphereStatic } from "./support.ts";

const PREVIEW = { featureSet: "TechPreviewNoUpgrade" };
const DISKS = { "controlPlane.platform.vsphere": { dataDisks: ["etcd", "swap", "data"].map((name) => ({ name, sizeGiB: 10 })) } };
const S = "controlPlane.diskSetup";
const etcd = { type: "etcd", etcd: { platformDiskID: "etcd" } };
const swap = { type: "swap", swap: { platformDiskID: "swap" } };
const data = { type: "user-defined", userDefined: { platformDiskID: "data", mountPath: "/var/data" } };
const setup = (...disks: object[]) => ({ ...PREVIEW, ...DISKS, [S]: disks });

export const DISK_SETUP: readonly Case[] = [
  ["disks for etcd, swap and data", vsphere, setup(etcd, swap, data)],
  ["no disks", vsphere, { [S]: [] }],
  ["disks without the gate", vsphere, { ...DISKS, [S]: [etcd] }, [S, FORBIDDEN, "MultiDiskSetup"]],
  ["a disk of another type", vsphere, setup({ type: "log" }), [`${S}[0].type`, UNSUPPORTED, '"user-defined"']],
  ["a disk without type", vsphere, setup({ etcd: etcd.etcd }), [`${S}[0].type`, REQUIRED, "etcd"]],
  ["a disk without settings", vsphere, setup({ type: "swap" }), [`${S}[0].swap`, REQUIRED, "platformDiskID"]],
  ["a disk with settings of another type", vsphere, setup({ ...etcd, swap: swap.swap }), [`${S}[0].swap`, FORBIDDEN, "type etcd"]],
  ["two disks for etcd", vsphere, setup(etcd, etcd), [S, TOO_MANY, "at most one disk of type etcd"]],
  [
    "etcd's disk on compute machines",
    vsphere,
    { ...PREVIEW, "compute[0].platform.vsphere": DISKS["controlPlane.platform.vsphere"], "compute[0].diskSetup": [etcd] },
    ["compute[0].diskSetup[0].etcd", INVALID, "control plane"],
  ],
  ["disks on baremetal", baremetal, { ...PREVIEW, [S]: [etcd] }, [S, FORBIDDEN, "no data disks"]],
  ["disks on none", none, { ...PREVIEW, [S]: [etcd] }, [S, FORBIDDEN, "no data disks"]],
  ...Object.entries({ baremetal, none }).flatMap(([name, base]): readonly Case[] =>
    [swap, data].map((disk) => [
      `a disk for ${disk.type} of compute machines on ${name}`,
      base,
      { ...PREVIEW, "compute[0].diskSetup": [disk] },
      ["compute[0].diskSetup", FORBIDDEN, "no data disks"],
    ]),
  ),
  [
    "disks for kubernetes",
    vsphereStatic,
    { ...DISKS, [S]: [etcd] },
    [S, FORBIDDEN, "not of distribution kubernetes"],
    [S, FORBIDDEN, "MultiDiskSetup"],
  ],
];
