import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseKeyStore } from "../../src/assets/index.ts";
import { machineTokens, type MachineTokens } from "../../src/assets/machine-token.ts";
import type { Installation } from "./kvm-installation.ts";

/** Addresses of the smallest cluster on a managed network. */
export const API_VIP = "192.168.126.5";
export const CONTROL_PLANE = "192.168.126.10";

/** The tokens of a cluster, as its installer makes them. */
export async function tokensOf(one: Installation, infraID: string): Promise<MachineTokens> {
  const keys = parseKeyStore(await readFile(join(one.dir, ".virt-ipi/keys.json"), "utf8"));
  return machineTokens(keys, "machine-token", { infraID });
}

/** What the machine-config server answers on the host's network; status 0 if nobody does. */
export async function ask(
  one: Installation,
  path: string,
  token?: string,
  host = API_VIP,
): Promise<{ readonly status: number; readonly body: string }> {
  const { stdout } = await one.host.exec(
    ["curl", "--insecure", "--silent", "--max-time", "30", "--write-out", "\n%{http_code}", "--config", "-", `https://${host}:22623${path}`],
    // Not an argument: those can be seen, and this suite looks for tokens in them.
    { input: token === undefined ? "" : `header = "Authorization: Bearer ${token}"\n`, accept: [7, 28, 35, 52, 56], timeoutMs: 60_000 },
  );
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

const SERVICE_IP = "172.30.0.77";

/** A Service in front of the machine-config server, as any user could make one; its port 443 leads to 22623. */
export const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: machine-configs, namespace: default }
spec:
  clusterIP: ${SERVICE_IP}
  ports: [{ name: configs, port: 443, targetPort: 22623 }, { name: api, port: 6443, targetPort: 6443 }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: machine-configs, namespace: default, labels: { kubernetes.io/service-name: machine-configs } }
addressType: IPv4
endpoints: [{ addresses: [${CONTROL_PLANE}] }]
ports: [{ name: configs, port: 22623 }, { name: api, port: 6443 }]
`;

/** Ways from a pod to the server, and beside each the API on the same way: that the one is closed tells something only if the other is open. */
const WAYS = [API_VIP, CONTROL_PLANE, SERVICE_IP].flatMap((address) => [
  { address, port: address === SERVICE_IP ? 443 : 22623, expected: "closed" },
  { address, port: 6443, expected: "open" },
]);

/** What a pod should tell of its tries. */
export const EXPECTED = WAYS.map(({ address, port, expected }) => `${address} ${port} ${expected}`);

/** A pod of any user, on the node named, that tries all ways. */
export const probePod = (name: string, node: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: default }
spec:
  restartPolicy: Never
  nodeName: ${node}
  containers:
    - name: probe
      image: localhost/virt-ipi/busybox:1.35
      imagePullPolicy: Never
      command: ["/bin/busybox", "sh", "-c"]
      args:
        - |
          try() { busybox nc -w 20 $1 $2 </dev/null >/dev/null 2>&1 && echo "$1 $2 open" || echo "$1 $2 closed"; }
${WAYS.map(({ address, port }) => `          try ${address} ${port}`).join("\n")}
`;
