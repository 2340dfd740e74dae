import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { createDefinitions } from "../../helpers/machine-api.ts";
import { creation } from "./controllers/creation.ts";
import { deletion } from "./controllers/deletion.ts";
import { drain } from "./controllers/drain.ts";
import { health } from "./controllers/health.ts";
import { nodes } from "./controllers/nodes.ts";
import { operation } from "./controllers/operation.ts";
import { Rig } from "./controllers/rig.ts";
import { scaling } from "./controllers/scaling.ts";

/**
 * What the real controllers expect of an actuator, and do then, on a real API server: the table of the Machine API's contract, row by row. The controllers
 * wait much (half a minute between looks), so all tests run beside each other on one control plane, with Machines of their own.
 */

let kube: KubeControlPlane;
let rig: Rig;

beforeAll(async () => {
  kube = await startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS, "disruption-controller", "serviceaccount-controller"] });
  await createDefinitions(kube);
  rig = await Rig.create(kube, "machines");
  await rig.start();
});

afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await kube?.dispose();
});

describe.concurrent("creation", () => creation(() => rig));
describe.concurrent("deletion", () => deletion(() => rig));
describe.concurrent("drain", () => drain(() => rig));
describe.concurrent("health checks", () => health(() => rig));
describe.concurrent("nodes", () => nodes(() => rig));
describe.concurrent("MachineSets", () => scaling(() => rig));
describe.concurrent("the program", () => operation(() => rig));

it("was refused nothing in all of this", async () => {
  const log = await rig.program().log();
  expect(new Set(log.match(/cannot \w+ resource \\"[\w/]+\\"/g))).toEqual(new Set());
});
