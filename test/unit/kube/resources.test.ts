import { expect, it } from "vitest";
import { Redactor } from "../../../src/events/index.ts";
import { cleanObject } from "../../../src/kube/clean-object.ts";
import { gatherResources } from "../../../src/kube/resources.ts";
import { FakeCluster } from "./fixtures.ts";

it("takes bookkeeping and secret values out of objects, and leaves what only names a secret", () => {
  const pod = {
    metadata: { name: "p", managedFields: [{}], annotations: { "kubectl.kubernetes.io/last-applied-configuration": "DB_PASSWORD", note: "n" } },
    spec: {
      containers: [
        {
          env: [
            { name: "DB_PASSWORD", value: "hunter2hunter2" },
            { name: "SECRET_NAME", value: "db" },
            { name: "MODE", value: "on" },
          ],
        },
      ],
    },
  };
  expect(cleanObject(pod)).toEqual({
    metadata: { name: "p", annotations: { note: "n" } },
    spec: {
      containers: [
        {
          env: [
            { name: "DB_PASSWORD", value: "[redacted]" },
            { name: "SECRET_NAME", value: "db" },
            { name: "MODE", value: "on" },
          ],
        },
      ],
    },
  });
  const configMap = {
    kind: "ConfigMap",
    data: {
      "admin-password": "hunter2",
      kubeconfig: 'users:\n- user:\n    token: abc.def\n    "client-key-data": "QUJD"\n  tokenFile: /var/run/t',
      Corefile: ".:53 {\n  ready\n}",
    },
  };
  expect(cleanObject(configMap)).toEqual({
    kind: "ConfigMap",
    data: {
      "admin-password": "[redacted]",
      kubeconfig: 'users:\n- user:\n    token: [redacted]\n    "client-key-data": [redacted]\n  tokenFile: /var/run/t',
      Corefile: ".:53 {\n  ready\n}",
    },
  });
});

it("never asks for Secrets, tells what it could not read, and redacts logs", async () => {
  const cluster = new FakeCluster();
  const pod = {
    metadata: { name: "coredns-1" },
    spec: { containers: [{ name: "coredns" }] },
    status: { containerStatuses: [{ name: "coredns", restartCount: 1 }] },
  };
  cluster.texts = {
    "/readyz": "ok",
    "/api/v1/nodes": JSON.stringify({ kind: "NodeList", items: [{ metadata: { name: "c-master-0" } }] }),
    "/api/v1/namespaces/kube-system/pods": JSON.stringify({ items: [pod] }),
    "/api/v1/namespaces/kube-system/pods/coredns-1/log":
      "line with kubeadmin-secret-1\n-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
  };
  const redactor = new Redactor();
  redactor.add("kubeadmin-secret-1");
  const files = await gatherResources(cluster.client(), { redactor });
  expect(files.get("resources/nodes.yaml")).toContain("name: c-master-0");
  expect(files.get("pods/coredns-1/coredns.log")).toBe("line with [redacted]\n[redacted]\n");
  expect(files.has("pods/coredns-1/coredns.previous.log")).toBe(true);
  expect(files.get("resources/errors.txt")).toContain("configmaps: no answer");
  expect(cluster.paths.filter((path) => /secret/i.test(path))).toEqual([]);
});
