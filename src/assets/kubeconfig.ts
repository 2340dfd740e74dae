import { stringify } from "yaml";
import type { ClusterSpec } from "../config/index.ts";
import { tlsPart, type Tls } from "./tls/material.ts";
import { bracketed } from "../util/index.ts";

/** One kubeconfig of a distribution, as data. */
export interface KubeconfigRow {
  /** Path inside the cluster folder or on the bootstrap machine: `auth/kubeconfig`… */
  readonly path: string;
  /** Which name of the API it goes to. */
  readonly server: "api" | "api-int" | "localhost";
  /** TLS rows: whom it trusts, and whom it is. */
  readonly ca: string;
  readonly client: string;
  /** Name of the user and of the context. */
  readonly user: string;
  /** What it says beside that; absent: its version, its kind and no preferences. */
  readonly head?: KubeconfigHead;
}

/** What kubectl and Kubernetes' own libraries take for granted where it is not said. */
type KubeconfigHead = Partial<Pick<Kubeconfig, "apiVersion" | "kind" | "preferences">>;

const WHOLE_HEAD: KubeconfigHead = { apiVersion: "v1", kind: "Config", preferences: {} };

/** A kubeconfig file. Source: the `v1.Config` of client-go's clientcmd. */
export interface Kubeconfig {
  readonly apiVersion?: "v1";
  readonly kind?: "Config";
  readonly clusters: readonly { readonly name: string; readonly cluster: KubeconfigCluster }[];
  readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string; readonly user: string } }[];
  readonly "current-context": string;
  readonly preferences?: Readonly<Record<string, never>>;
  readonly users: readonly {
    readonly name: string;
    readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string };
  }[];
}

export interface KubeconfigCluster {
  readonly "certificate-authority-data": string;
  readonly server: string;
  readonly "tls-server-name"?: string;
}

export const API_PORT = 6443;

/** The kubeconfig that the user gets; all others go to machines only. */
export const ADMIN_KUBECONFIG = "auth/kubeconfig";

/** What the machine controller talks to the cluster with, where that creates its machines itself. */
export const MACHINE_CONTROLLER_KUBECONFIG = "auth/machine-controller.kubeconfig";

/** @param address host name or IP to connect to in place of the API's own name, which stays the one that is verified */
export function makeKubeconfig(row: KubeconfigRow, spec: Pick<ClusterSpec, "name" | "clusterDomain">, tls: Tls, address?: string): Kubeconfig {
  const own = row.server === "localhost" ? "localhost" : `${row.server}.${spec.clusterDomain}`;
  const cluster: KubeconfigCluster = {
    "certificate-authority-data": base64(tlsPart(tls, row.ca, "cert")),
    server: `https://${bracketed(address ?? own)}:${API_PORT}`,
    ...(address === undefined || address === own ? {} : { "tls-server-name": own }),
  };
  const user = {
    "client-certificate-data": base64(tlsPart(tls, row.client, "cert")),
    "client-key-data": base64(tlsPart(tls, row.client, "key")),
  };
  const { preferences, ...head } = row.head ?? WHOLE_HEAD;
  return {
    ...head,
    clusters: [{ name: spec.name, cluster }],
    contexts: [{ name: row.user, context: { cluster: spec.name, user: row.user } }],
    "current-context": row.user,
    ...(preferences === undefined ? {} : { preferences }),
    users: [{ name: row.user, user }],
  };
}

/** The YAML text. It holds a private key: a secret. */
export function renderKubeconfig(row: KubeconfigRow, spec: Pick<ClusterSpec, "name" | "clusterDomain">, tls: Tls, address?: string): string {
  return stringify(makeKubeconfig(row, spec, tls, address), { lineWidth: 0 });
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
