import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { hasUnknown, UNKNOWN, type Properties } from "../../src/pulumi/resource/values.ts";

/** The provider's configuration: those of the official provider's settings that speak of a cluster. */
export interface Settings {
  /** Text, never a path. Secret. */
  readonly kubeconfig: string;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly upsertExistingObjects: boolean;
  readonly enablePatchForce: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
  /** Takes out of the state what is in a cluster that does not answer. */
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

export function settingsOf(config: Properties, env: Env): Settings {
  const flag = (name: string, variable?: string): boolean => isTrue(config[name]) || (variable !== undefined && isTrue(env[variable]));
  return {
    kubeconfig: kubeconfigText(config["kubeconfig"], env),
    context: text(config["context"]),
    namespace: text(config["namespace"]),
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    enablePatchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    enableConfigMapMutable: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    enableSecretMutable: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
  };
}

/** Settings of the official provider that this one lacks, if they are on: told at once, so that nobody relies on them. */
export function unsupportedSettings(config: Properties): readonly { readonly property: string; readonly reason: string }[] {
  const refused: { property: string; reason: string }[] = [];
  if (text(config["renderYamlToDirectory"]) !== undefined)
    refused.push({ property: "renderYamlToDirectory", reason: "this provider writes no YAML files; install the official one" });
  if (config["enableServerSideApply"] !== undefined && config["enableServerSideApply"] !== UNKNOWN && !isTrue(config["enableServerSideApply"]))
    refused.push({ property: "enableServerSideApply", reason: "this provider knows server-side apply only" });
  return refused;
}

/**
 * Settings whose change means another cluster, so that everything in it has to be made anew. `clusterIdentifier` decides
 * where it stays or changes; else the server and the CA of the kubeconfig's active context do.
 */
export function clusterChanges(old: Properties, news: Properties, env: Env): readonly string[] {
  const [before, after] = [text(old["clusterIdentifier"]), text(news["clusterIdentifier"])];
  if (before !== undefined && after !== undefined) return before === after ? [] : ["clusterIdentifier"];
  const deciding = ["kubeconfig", "context"];
  if (deciding.some((name) => hasUnknown(news[name]))) return deciding.filter((name) => hasUnknown(news[name]));
  const [from, to] = [activeCluster(old, env), activeCluster(news, env)];
  if (from === undefined || to === undefined || from === to) return [];
  return deciding.filter((name) => text(old[name]) !== text(news[name]));
}

function activeCluster(config: Properties, env: Env): string | undefined {
  try {
    const parsed = parse(kubeconfigText(config["kubeconfig"], env)) as KubeconfigShape;
    const name = text(config["context"]) ?? parsed["current-context"];
    const cluster = parsed.contexts?.find((context) => context.name === name)?.context?.cluster;
    return JSON.stringify(parsed.clusters?.find((each) => each.name === cluster)?.cluster);
  } catch {
    // Not a kubeconfig: using it will say so.
    return undefined;
  }
}

interface KubeconfigShape {
  readonly "current-context"?: string;
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string } }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster?: unknown }[];
}

/** The setting holds the text or a path; without it KUBECONFIG, then the user's own, as kubectl does. */
function kubeconfigText(setting: unknown, env: Env): string {
  if (typeof setting === "object" && setting !== null) return JSON.stringify(setting);
  const own = join(env["HOME"] ?? homedir(), ".kube", "config");
  const given = text(setting) ?? env["KUBECONFIG"]?.split(":")[0] ?? own;
  if (given.includes("\n")) return given;
  const path = given.replace(/^~(?=\/|$)/, env["HOME"] ?? homedir());
  return existsSync(path) ? readFileSync(path, "utf8") : given;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** SDKs send booleans as JSON. */
const isTrue = (value: unknown): boolean => value === true || value === "true" || value === "1";
