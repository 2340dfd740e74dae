import type { ClusterSpec } from "../../config/index.ts";
import { dnsServiceAddresses } from "../addresses.ts";
import type { KubernetesObject, Manifest } from "./manifest.ts";

export const COREDNS_IMAGE = "localhost/virt-ipi/coredns:1.12.4";
export const CLUSTER_DNS_DOMAIN = "cluster.local";

const NAMESPACE = "kube-system";
// Service and label keep the names that the world looks for, whatever serves behind them.
const LABELS = { "k8s-app": "kube-dns" };
const PORTS = { dns: 53, health: 8080, ready: 8181, metrics: 9153 };

/** The cluster's DNS: CoreDNS on two nodes, or on the only one, at the tenth address of the service network. */
export function coreDns(spec: Pick<ClusterSpec, "pools" | "networking">): Manifest {
  const nodes = [spec.pools.controlPlane, ...spec.pools.compute].reduce((sum, pool) => sum + pool.replicas, 0);
  return {
    path: "manifests/coredns.yaml",
    objects: [
      serviceAccount(),
      clusterRole(),
      clusterRoleBinding(),
      corefile(),
      deployment(nodes > 1 ? 2 : 1),
      service(dnsServiceAddresses(spec.networking.serviceNetwork)),
    ],
  };
}

const serviceAccount = (): KubernetesObject => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "coredns", namespace: NAMESPACE } });

const clusterRole = (): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "system:coredns" },
  rules: [
    { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ],
});

const clusterRoleBinding = (): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "system:coredns" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
  subjects: [{ kind: "ServiceAccount", name: "coredns", namespace: NAMESPACE }],
});

const corefile = (): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "coredns", namespace: NAMESPACE },
  data: {
    Corefile: `.:${PORTS.dns} {
    errors
    health :${PORTS.health} {
        lameduck 5s
    }
    ready :${PORTS.ready}
    kubernetes ${CLUSTER_DNS_DOMAIN} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :${PORTS.metrics}
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`,
  },
});

const deployment = (replicas: number): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "coredns", namespace: NAMESPACE, labels: LABELS },
  spec: {
    replicas,
    selector: { matchLabels: LABELS },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
    template: {
      metadata: { labels: LABELS },
      spec: {
        serviceAccountName: "coredns",
        priorityClassName: "system-cluster-critical",
        // The node's own resolvers; anything else would ask itself.
        dnsPolicy: "Default",
        tolerations: [
          { key: "CriticalAddonsOnly", operator: "Exists" },
          { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
        ],
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, podAffinityTerm: { labelSelector: { matchLabels: LABELS }, topologyKey: "kubernetes.io/hostname" } },
            ],
          },
        },
        containers: [container()],
        volumes: [{ name: "config", configMap: { name: "coredns", items: [{ key: "Corefile", path: "Corefile" }] } }],
      },
    },
  },
});

const container = () => ({
  name: "coredns",
  image: COREDNS_IMAGE,
  // The node image brings it; no registry has it.
  imagePullPolicy: "IfNotPresent",
  args: ["-conf", "/etc/coredns/Corefile"],
  resources: { requests: { cpu: "50m", memory: "70Mi" }, limits: { memory: "170Mi" } },
  ports: [
    { name: "dns", containerPort: PORTS.dns, protocol: "UDP" },
    { name: "dns-tcp", containerPort: PORTS.dns, protocol: "TCP" },
    { name: "metrics", containerPort: PORTS.metrics, protocol: "TCP" },
  ],
  livenessProbe: {
    httpGet: { path: "/health", port: PORTS.health, scheme: "HTTP" },
    initialDelaySeconds: 60,
    timeoutSeconds: 5,
    failureThreshold: 5,
  },
  readinessProbe: { httpGet: { path: "/ready", port: PORTS.ready, scheme: "HTTP" }, periodSeconds: 5, timeoutSeconds: 5 },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
  volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
});

const service = (addresses: readonly string[]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kube-dns", namespace: NAMESPACE, labels: { ...LABELS, "kubernetes.io/name": "CoreDNS" } },
  spec: {
    selector: LABELS,
    clusterIP: addresses[0],
    clusterIPs: addresses,
    ipFamilyPolicy: addresses.length > 1 ? "RequireDualStack" : "SingleStack",
    ports: [
      { name: "dns", port: PORTS.dns, protocol: "UDP" },
      { name: "dns-tcp", port: PORTS.dns, protocol: "TCP" },
      { name: "metrics", port: PORTS.metrics, protocol: "TCP" },
    ],
  },
});
