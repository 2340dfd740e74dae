import type { KubeApi } from "../olm/kube-api.ts";
import { pathOf, type Condition, type KubeObject } from "../olm/objects.ts";

/** What of a pod's spec a kubelet needs to start its first container. */
export interface Pod extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly creationTimestamp: string };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly volumes?: readonly Volume[];
  };
  readonly status: { readonly phase: string; readonly conditions?: readonly Condition[] };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly fieldRef?: { readonly fieldPath: string };
      readonly secretKeyRef?: KeyOf;
      readonly configMapKeyRef?: KeyOf;
    };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface KeyOf {
  readonly name: string;
  readonly key: string;
}

interface Items {
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

interface Volume {
  readonly name: string;
  readonly secret?: Items & { readonly secretName: string };
  readonly configMap?: Items & { readonly name: string };
}

/** Variables of a container, with those that name fields of its pod, Secrets and ConfigMaps; undefined as long as one of these is missing. */
export async function environmentOf(api: KubeApi, pod: Pod, { env = [] }: Container): Promise<Readonly<Record<string, string>> | undefined> {
  const { name, namespace = "", labels = {} } = pod.metadata;
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": name,
    "metadata.namespace": namespace,
    "spec.nodeName": pod.spec.nodeName,
    "spec.serviceAccountName": pod.spec.serviceAccountName,
    ...Object.fromEntries(Object.entries(labels).map(([key, value]) => [`metadata.labels['${key}']`, value])),
  };
  const found: Record<string, string> = {};
  for (const { name: variable, value, valueFrom: { fieldRef, secretKeyRef, configMapKeyRef } = {} } of env) {
    if (secretKeyRef === undefined && configMapKeyRef === undefined) {
      found[variable] = value ?? fields[fieldRef?.fieldPath ?? ""] ?? "";
      continue;
    }
    const kept =
      secretKeyRef === undefined ? await configMapOf(api, namespace, configMapKeyRef?.name) : await secretOf(api, namespace, secretKeyRef.name);
    const content = kept?.[(secretKeyRef ?? configMapKeyRef)?.key ?? ""];
    if (content === undefined) return undefined;
    found[variable] = content;
  }
  return found;
}

/** Content of what a container mounts of Secrets and ConfigMaps, by path; undefined as long as some of it is missing. */
export async function filesOf(api: KubeApi, { metadata: { namespace }, spec }: Pod, { volumeMounts = [] }: Container): Promise<Texts | undefined> {
  const files: Record<string, string> = {};
  for (const { name, mountPath } of volumeMounts) {
    const { secret, configMap } = spec.volumes?.find((volume) => volume.name === name) ?? {};
    if (secret === undefined && configMap === undefined) continue;
    const data = secret === undefined ? await configMapOf(api, namespace, configMap?.name) : await secretOf(api, namespace, secret.secretName);
    const { items = Object.keys(data ?? {}).map((key) => ({ key, path: key })) } = secret ?? configMap ?? {};
    for (const { key, path } of items) {
      const content = data?.[key];
      if (content === undefined) return undefined;
      // Where the first is a link to the second.
      files[`${mountPath.replace(/^\/var\/run\//, "/run/")}/${path}`] = content;
    }
  }
  return files;
}

type Texts = Readonly<Record<string, string>>;

const dataOf = async (api: KubeApi, plural: string, namespace?: string, name?: string): Promise<Texts | undefined> =>
  (await api.get<KubeObject & { readonly data?: Texts }>(pathOf("", "v1", plural, namespace, name)))?.data;

const configMapOf = (api: KubeApi, namespace?: string, name?: string): Promise<Texts | undefined> => dataOf(api, "configmaps", namespace, name);

async function secretOf(api: KubeApi, namespace?: string, name?: string): Promise<Texts | undefined> {
  const data = await dataOf(api, "secrets", namespace, name);
  return data && Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}
