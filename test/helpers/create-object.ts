import type { Manifest } from "../../src/pulumi/kubernetes/index.ts";
import type { KubeControlPlane } from "./kube-control-plane.ts";

/** Creates an object where its kind has its place; a kind whose plural is its name and an s. */
export async function createObject(kube: KubeControlPlane, object: Manifest): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata["namespace"];
  const place = typeof namespace === "string" ? `namespaces/${namespace}/` : "";
  await kube.create(`/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}/${place}${kind.toLowerCase()}s`, object);
}
