import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InstallerError, type ErrorId } from "../../../src/errors/index.ts";
import { servePlugin } from "../serve-plugin.ts";
import { InitializationFailed } from "../../../src/pulumi/resource/failures.ts";
import { anyResource, type Resource, type ResourceContext } from "../../../src/pulumi/resource/resource.ts";

/** A resource that is a file in `folder`: it takes `milliseconds` to make, and fails as it is told. */
const inputs = z.strictObject({
  name: z.string(),
  folder: z.string(),
  milliseconds: z.number().optional(),
  /** A file: create ends when it is there. */
  until: z.string().optional(),
  secret: z.string().optional(),
  /** An error id: create fails with it. */
  fail: z.string().optional(),
  /** An error id: create fails with it, but the resource is kept; while a file `go` is in the folder, the next update succeeds. */
  notReady: z.string().optional(),
});
type Inputs = z.infer<typeof inputs>;
interface Outputs {
  readonly made: boolean;
}

const note = (folder: string, line: string): void => appendFileSync(join(folder, "calls.log"), `${line}\n`);

async function make(given: Inputs, context: ResourceContext): Promise<Outputs> {
  const { name, folder, milliseconds = 0, until, fail, notReady } = given;
  note(folder, `create ${name}`);
  writeFileSync(join(folder, `${name}.thing`), "half made");
  context.progress.status(`making ${name}`);
  try {
    await context.clock.sleep(milliseconds, context.signal);
    while (until !== undefined && !existsSync(until)) await context.clock.sleep(50, context.signal);
  } catch (error) {
    rmSync(join(folder, `${name}.thing`));
    note(folder, `undone ${name}`);
    throw error;
  }
  if (fail !== undefined) throw new InstallerError(fail as ErrorId, `${name} cannot be made`, { details: ["because the test says so"] });
  if (notReady !== undefined && !existsSync(join(folder, "go")))
    throw new InitializationFailed(name, { made: false }, new InstallerError(notReady as ErrorId, `${name} is not ready`));
  writeFileSync(join(folder, `${name}.thing`), "made");
  return { made: true };
}

const thing: Resource<Inputs, Outputs> = {
  inputs,
  changes: { name: "replace", folder: "replace", milliseconds: "ignore", until: "ignore", secret: "update", fail: "ignore", notReady: "ignore" },
  secrets: ["secret"],
  deleteBeforeReplace: true,
  predict: () => ({ made: true }),
  create: async (given, context) => ({ id: given.name, outputs: await make(given, context) }),
  read: (_id, state) => Promise.resolve(state),
  update: async (_id, _old, given, context) => await make(given, context),
  delete: (_id, { inputs: { name, folder } }) => {
    note(folder, `delete ${name}`);
    rmSync(join(folder, `${name}.thing`), { force: true });
    return Promise.resolve();
  },
};

const TYPES = ["virt-ipi:test:Thing", "virt-ipi:cluster:BootstrapComplete", "virt-ipi:cluster:InstallComplete"];
await servePlugin(new Map(TYPES.map((type) => [type, anyResource(thing)])));
