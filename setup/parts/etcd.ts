import { goPart } from "../go-build.ts";
import type { FilePart } from "../part.ts";
import { goArch } from "../platform.ts";

const VERSION = "v3.6.4";
const NAME = `etcd-${VERSION}-linux-${goArch()}`;
const RELEASE = `https://github.com/etcd-io/etcd/releases/download/${VERSION}`;

/** One program of etcd's archive. @param path of its Go package @param versionArg how it is asked for its version @param seconds of a build */
const program = (name: string, path: string, versionArg: string, seconds: number): FilePart =>
  goPart({
    id: name,
    version: VERSION,
    folder: "setup/go/etcd",
    packages: { [name]: path },
    seconds,
    buildsAfter: ["kubernetes"],
    programs: [{ name, versionArgs: [versionArg] }],
    downloads: [{ url: `${RELEASE}/${NAME}.tar.gz`, sums: `${RELEASE}/SHA256SUMS`, members: { [name]: `${NAME}/${name}` } }],
  });

/** etcd 3.6; with Debian's 3.4 the watch cache of a current API server never becomes ready. */
export const etcd = program("etcd", "go.etcd.io/etcd/server/v3", "--version", 15);

/** The client, for snapshots and for taking members in and out. */
export const etcdctl = program("etcdctl", "go.etcd.io/etcd/etcdctl/v3", "version", 6);
