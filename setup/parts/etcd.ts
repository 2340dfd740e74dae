import { goPart } from "../go-build.ts";
import { goArch } from "../platform.ts";

const VERSION = "v3.6.4";
const NAME = `etcd-${VERSION}-linux-${goArch()}`;
const RELEASE = `https://github.com/etcd-io/etcd/releases/download/${VERSION}`;

/** etcd 3.6; with Debian's 3.4 the watch cache of a current API server never becomes ready. */
export const etcd = goPart({
  id: "etcd",
  version: VERSION,
  folder: "setup/go/etcd",
  packages: { etcd: "go.etcd.io/etcd/server/v3" },
  seconds: 45,
  programs: [{ name: "etcd", versionArgs: ["--version"] }],
  downloads: [{ url: `${RELEASE}/${NAME}.tar.gz`, sums: `${RELEASE}/SHA256SUMS`, members: { etcd: `${NAME}/etcd` } }],
});

/** The client, for snapshots and for taking members in and out. */
export const etcdctl = goPart({
  id: "etcdctl",
  version: VERSION,
  folder: "setup/go/etcd",
  packages: { etcdctl: "go.etcd.io/etcd/etcdctl/v3" },
  seconds: 25,
  programs: [{ name: "etcdctl", versionArgs: ["version"] }],
  downloads: [{ url: `${RELEASE}/${NAME}.tar.gz`, sums: `${RELEASE}/SHA256SUMS`, members: { etcdctl: `${NAME}/etcdctl` } }],
});
