import { afterAll, beforeAll, describe } from "vitest";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { createDefinitions } from "../../helpers/machine-api.ts";
import { leadership } from "./controllers/leadership.ts";
import { restarts } from "./controllers/restarts.ts";

/**
 * Programs that end and start again. On a control plane without Nodes: a program takes its mark off each Node that has no Machine in its namespace, so that
 * two for different namespaces write to the same Node for ever.
 */

let kube: KubeControlPlane;

beforeAll(async () => {
  kube = await startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] });
  await createDefinitions(kube);
});

afterAll(async () => {
  await kube?.dispose();
});

describe.concurrent("leadership", () => leadership(() => kube));
describe.concurrent("kill -9", () => restarts(() => kube));
