import { anyResource } from "../../../../src/pulumi/index.ts";
import { startProviderServer } from "../../../../src/pulumi/server/index.ts";
import { fakeMachine, MACHINE_TYPE } from "../machine.ts";

const server = await startProviderServer({
  resources: new Map([[MACHINE_TYPE, anyResource(fakeMachine)]]),
  engineAddress: process.argv.at(-1),
  env: process.env,
});
process.stdout.write(`${server.port}\n`);
const leave = (): void => {
  server.cancel();
  void server.drain().then(() => process.exit(0));
};
process.on("SIGINT", leave).on("SIGTERM", leave);
process.stdin.on("end", leave).resume();
