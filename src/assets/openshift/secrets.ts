import type { Manifest } from "../manifests/index.ts";
import { ignitionText } from "../ignition/index.ts";
import { pointerIgnition } from "../pointer-ignition.ts";
import { tlsPart } from "../tls/material.ts";
import type { OpenShiftContext } from "./context.ts";
import { base64, manifest } from "./objects.ts";

export const pullSecret = ({ spec }: OpenShiftContext): Manifest =>
  manifest("manifests/openshift-config-secret-pull-secret.yaml", {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/dockerconfigjson",
    metadata: { name: "pull-secret", namespace: "openshift-config" },
    data: { ".dockerconfigjson": base64(spec.pullSecret ?? "") },
  });

/** Of a time when cloud providers were configured by a Secret; operators still look for it. */
export const cloudConfig = (): Manifest =>
  manifest("manifests/kube-cloud-config.yaml", {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: { name: "kube-cloud-cfg", namespace: "kube-system" },
    data: { config: "" },
  });

export const kubeadminPassword = ({ kubeadmin }: OpenShiftContext): Manifest =>
  manifest("openshift/99_kubeadmin-password-secret.yaml", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "kubeadmin", namespace: "kube-system" },
    data: { kubeadmin: base64(kubeadmin?.hash ?? "") },
  });

/** What a machine of a pool is started with, for those who create machines later. */
export const userData = ({ spec, tls, platform }: OpenShiftContext, pool: string): Manifest =>
  manifest(`openshift/99_openshift-cluster-api_${pool}-user-data-secret.yaml`, {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    // Arbiters have the name that the machine-config operator gives the Secret that it maintains.
    metadata: {
      name: platform.userDataName?.(spec, pool) ?? (pool === "arbiter" ? `${pool}-user-data-managed` : `${pool}-user-data`),
      namespace: "openshift-machine-api",
    },
    data: { disableTemplating: base64("true\n"), userData: base64(ignitionText(pointerIgnition(spec, pool, tlsPart(tls, "root-ca", "cert")))) },
  });
