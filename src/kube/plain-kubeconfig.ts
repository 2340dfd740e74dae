import type { RequestOptions } from "node:https";
import { parse } from "yaml";

/** The way to a server, and who we are there. PEM; secret. */
export interface ClusterAccess {
  readonly server: string;
  readonly tlsServerName: string | undefined;
  readonly tls: Pick<RequestOptions, "ca" | "cert" | "key" | "rejectUnauthorized">;
  readonly headers: Readonly<Record<string, string>>;
}

interface Kubeconfig {
  readonly "current-context"?: unknown;
  readonly contexts?: readonly { readonly name?: unknown; readonly context?: { readonly cluster?: unknown; readonly user?: unknown } }[];
  readonly clusters?: readonly { readonly name?: unknown; readonly cluster?: Readonly<Record<string, unknown>> }[];
  readonly users?: readonly { readonly name?: unknown; readonly user?: Readonly<Record<string, unknown>> }[];
}

const CLUSTER_FIELDS = new Set(["server", "certificate-authority-data", "insecure-skip-tls-verify", "tls-server-name"]);
const USER_FIELDS = new Set(["client-certificate-data", "client-key-data", "token"]);

/**
 * What a kubeconfig says that holds all it needs: certificates or a token, as installers write it. Undefined for any other (files,
 * helpers, providers, proxies, mistakes), which is left to @kubernetes/client-node: loading that takes a second of processor time.
 */
export function plainAccess(text: string, context: string | undefined): ClusterAccess | undefined {
  let config: Kubeconfig;
  try {
    // The library prints its warnings itself, with what it quotes of the text.
    config = (parse(text, { logLevel: "error" }) ?? {}) as Kubeconfig;
  } catch {
    return undefined;
  }
  if (typeof config !== "object") return undefined;
  const wanted = context ?? config["current-context"];
  const names = listed(config.contexts).find(({ name }) => name === wanted)?.context;
  const cluster = listed(config.clusters).find(({ name }) => name === names?.cluster)?.cluster;
  const user = listed(config.users).find(({ name }) => name === names?.user)?.user;
  if (!onlyHas(cluster, CLUSTER_FIELDS) || !onlyHas(user, USER_FIELDS)) return undefined;
  const { server, "certificate-authority-data": ca, "insecure-skip-tls-verify": insecure, "tls-server-name": tlsServerName } = cluster;
  const { "client-certificate-data": cert, "client-key-data": key, token } = user;
  if (typeof server !== "string" || !URL.canParse(server) || (cert === undefined) !== (key === undefined)) return undefined;
  if (token !== undefined && typeof token !== "string") return undefined;
  return {
    server,
    tlsServerName: typeof tlsServerName === "string" ? tlsServerName : undefined,
    tls: {
      ...(ca === undefined ? {} : { ca: decoded(ca) }),
      ...(cert === undefined ? {} : { cert: decoded(cert), key: decoded(key) }),
      ...(insecure === true ? { rejectUnauthorized: false } : {}),
    },
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  };
}

const listed = <T extends object>(value: readonly T[] | undefined): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]).filter((item) => typeof item === "object" && item !== null) : [];

const onlyHas = (value: Readonly<Record<string, unknown>> | undefined, fields: ReadonlySet<string>): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.keys(value).every((field) => fields.has(field));

const decoded = (base64: unknown): string => Buffer.from(String(base64), "base64").toString("utf8");
