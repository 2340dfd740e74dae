import type { Part } from "../setup/part.ts";
import { coredns } from "./coredns.ts";
import { debianPackages } from "./debian-packages.ts";
import { etcd, etcdctl } from "./etcd.ts";
import { go } from "./go.ts";
import { kubernetes } from "./kubernetes.ts";
import { pulumi } from "./pulumi.ts";

/** Everything that the project runs on, besides Node and its packages. */
export const PARTS: readonly Part[] = [debianPackages, go, pulumi, etcd, etcdctl, kubernetes, coredns];
