import { anyResource } from "../../../../src/pulumi/index.ts";
import { servePlugin } from "../../serve-plugin.ts";
import { fakeMachine, MACHINE_TYPE } from "../machine.ts";

await servePlugin(new Map([[MACHINE_TYPE, anyResource(fakeMachine)]]));
