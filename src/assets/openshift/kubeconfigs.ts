import { type ClusterSpec, contractOfCluster } from "../../config/index.ts";
import { ADMIN_KUBECONFIG, type KubeconfigRow } from "../kubeconfig.ts";

const SERVERS = "kube-apiserver-complete-server-ca-bundle";
const ADMIN = "admin-kubeconfig-client";
/** Where the bootstrap machine keeps its own. */
export const BOOTSTRAP_FOLDER = "/opt/openshift";

/** The four kubeconfigs. The user's goes to the API's public name, that of the same file on the bootstrap machine to the internal one. */
const ROWS: readonly KubeconfigRow[] = [
  { path: ADMIN_KUBECONFIG, server: "api", ca: SERVERS, client: ADMIN, user: "admin" },
  { path: `${BOOTSTRAP_FOLDER}/auth/kubeconfig`, server: "api-int", ca: SERVERS, client: ADMIN, user: "admin" },
  { path: `${BOOTSTRAP_FOLDER}/auth/kubeconfig-kubelet`, server: "api-int", ca: SERVERS, client: "kubelet-client", user: "kubelet" },
  {
    path: `${BOOTSTRAP_FOLDER}/auth/kubeconfig-loopback`,
    server: "localhost",
    ca: "kube-apiserver-localhost-ca-bundle",
    client: ADMIN,
    user: "loopback",
  },
];

/** As the installer of the cluster's version writes them: they say neither version nor kind. */
export function openshiftKubeconfigs({ openshift }: Pick<ClusterSpec, "openshift">): readonly KubeconfigRow[] {
  const hasPreferences = openshift !== undefined && contractOfCluster(openshift).emptyPreferences;
  return ROWS.map((row) => ({ ...row, head: hasPreferences ? { preferences: {} } : {} }));
}

/** Those of the bootstrap machine. */
export const BOOTSTRAP_KUBECONFIGS = ROWS.map(({ path }) => path).filter((path) => path.startsWith(BOOTSTRAP_FOLDER));
