import { setTimeout } from "node:timers/promises";
import { status as codes } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { InstallerError } from "../../../src/errors/index.ts";
import { toStruct } from "../../../src/pulumi/server/struct.ts";
import { nameOfUrn, typeOfUrn } from "../../../src/pulumi/resource/urn.ts";
import { InitializationFailed } from "../../../src/pulumi/resource/failures.ts";
import { anyResource, type Resource, type ResourceContext } from "../../../src/pulumi/resource/resource.ts";
import { UNKNOWN } from "../../../src/pulumi/resource/values.ts";
import { startProvider, type ProviderClient, type ProviderFailure } from "../../helpers/provider-client.ts";
import { checkConfig } from "../../../src/plugin/registry.ts";

const TOKEN = "virt-ipi:test:Thing";

interface Inputs {
  readonly name: string;
  readonly size: number;
  readonly key?: string | undefined;
  readonly note?: string | undefined;
}

type Outputs = Inputs & { readonly made: boolean };

const thing: Resource<Inputs, Outputs> = {
  inputs: z.strictObject({ name: z.string(), size: z.number().max(10), key: z.string().optional(), note: z.string().optional() }),
  changes: { name: "replace", size: "update", key: "update", note: { ignore: "stays" } },
  secrets: ["key"],
  deleteBeforeReplace: true,
  predict: ({ name }) => (name === undefined ? {} : { name }),
  check: (inputs, old) => (old !== undefined && inputs.size < old.size ? [{ property: "size", reason: "cannot shrink" }] : []),
  create: (inputs) => Promise.resolve({ id: inputs.name, outputs: { ...inputs, made: true } }),
  read: (id, state) =>
    Promise.resolve(
      id === "gone" ? undefined : { id: `${id}-real`, inputs: state?.inputs ?? { name: id, size: 1 }, outputs: { name: id, size: 1, made: true } },
    ),
  mayUpdate: (_id, _old, inputs) =>
    inputs.size === 7 ? Promise.reject(new InstallerError("MACHINE_RESTART_REFUSED", "not seven")) : Promise.resolve(),
  update: (_id, old, inputs) => Promise.resolve({ ...old.outputs, ...inputs }),
  delete: () => Promise.resolve(),
};

let client: ProviderClient | undefined;
afterEach(() => client?.close());

async function provider(changes: Partial<typeof thing> = {}): Promise<ProviderClient> {
  client = await startProvider({ uri: "test:///default" }, { resources: new Map([[TOKEN, anyResource({ ...thing, ...changes })]]), checkConfig });
  return client;
}

const failureOf = (promise: Promise<unknown>): Promise<ProviderFailure> =>
  promise.then(
    () => expect.unreachable("did not fail"),
    (error: unknown) => error as ProviderFailure,
  );

/** Goes on until its signal ends. */
const untilAborted = (context: ResourceContext): Promise<never> =>
  new Promise((_resolve, reject) => context.signal.addEventListener("abort", () => reject(context.signal.reason as Error)));

describe("the provider on the wire", () => {
  it("checks what is known and leaves what is not", async () => {
    const it = await provider();
    expect((await it.check(TOKEN, { name: UNKNOWN, size: 11 })).failures).toEqual([expect.stringMatching(/^size: /)]);
    expect((await it.check(TOKEN, { name: "a", size: 1, extra: true })).failures).toEqual([expect.stringMatching(/^extra: /)]);
    expect((await it.check(TOKEN, { name: "a", size: 3 }, { name: "a", size: 5 })).failures).toEqual(["size: cannot shrink"]);
    expect((await it.check(TOKEN, { name: "a", size: 5 }, { name: "a", size: 3 })).failures).toEqual([]);
  });

  it("answers a check with the inputs as they came, secrets still wrapped", async () => {
    const it = await provider();
    const { raw } = await it.check(TOKEN, { name: "a", size: 1, key: "k" }, undefined, ["key"]);
    expect(raw.getInputs()?.toJavaScript()).toEqual(toStruct({ name: "a", size: 1, key: "k" }, ["key"]).toJavaScript());
  });

  it("tells update, replacement and what is left as it is apart", async () => {
    const it = await provider();
    const old = { name: "a", size: 1, note: "x" };
    expect(await it.diff(TOKEN, old, { ...old })).toMatchObject({ changed: false });
    expect(await it.diff(TOKEN, old, { ...old, note: "y" })).toMatchObject({ changed: false, diffs: [] });
    expect(await it.diff(TOKEN, old, { ...old, size: 2 })).toMatchObject({ changed: true, diffs: ["size"], replaces: [] });
    expect(await it.diff(TOKEN, old, { ...old, name: UNKNOWN })).toMatchObject({ diffs: ["name"], replaces: ["name"], deleteBeforeReplace: true });
  });

  it("makes nothing in a preview, and keeps unknowns unknown", async () => {
    const it = await provider({ create: () => Promise.reject(new Error("must not be called")) });
    expect(await it.create(TOKEN, { name: "a", size: UNKNOWN }, { preview: true })).toEqual({ id: "", outputs: { name: "a", size: UNKNOWN } });
  });

  it("refuses in the preview what the update would refuse", async () => {
    const it = await provider();
    const old = { inputs: { name: "a", size: 1 }, outputs: { name: "a", size: 1, made: true } };
    const failure = await failureOf(it.update(TOKEN, "a", old, { name: "a", size: 7 }, { preview: true }));
    expect(failure).toMatchObject({
      code: codes.FAILED_PRECONDITION,
      details: expect.stringMatching(/^MACHINE_RESTART_REFUSED: not seven\n/) as string,
    });
  });

  it("creates, reads, updates, and says when a thing is gone", async () => {
    const it = await provider();
    const made = await it.create(TOKEN, { name: "a", size: 1, key: "k" }, { secrets: ["key"] });
    expect(made).toEqual({ id: "a", outputs: { name: "a", size: 1, key: "k", made: true } });
    expect(await it.read(TOKEN, "a")).toEqual({ id: "a-real", inputs: { name: "a", size: 1 }, outputs: { name: "a", size: 1, made: true } });
    expect(await it.read(TOKEN, "gone")).toBeUndefined();
    expect(await it.update(TOKEN, "a", { inputs: { name: "a", size: 1 }, outputs: made.outputs }, { name: "a", size: 2 })).toMatchObject({
      size: 2,
      made: true,
    });
    await it.delete(TOKEN, "a", {}, {});
  });

  it("keeps a resource whose wait ran out of time, with its id, outputs and inputs", async () => {
    const it = await provider({
      create: () => Promise.reject(new InitializationFailed("a", { made: true }, new InstallerError("BOOTSTRAP_TIMEOUT", "still etcd"))),
    });
    const failure = await failureOf(it.create(TOKEN, { name: "a", size: 1 }));
    expect(failure.initFailed).toMatchObject({
      id: "a",
      outputs: { made: true },
      inputs: { name: "a", size: 1 },
      reasons: [expect.stringMatching(/^BOOTSTRAP_TIMEOUT: still etcd/) as string],
    });
  });

  it("ends an operation on cancel, and after that begins none", async () => {
    const it = await provider({ create: (_inputs, context) => untilAborted(context) });
    const running = failureOf(it.create(TOKEN, { name: "a", size: 1 }));
    await it.cancel();
    expect(await running).toMatchObject({ code: codes.CANCELLED, details: expect.stringMatching(/^INTERRUPTED/) as string });
    expect(await failureOf(it.create(TOKEN, { name: "b", size: 1 }))).toMatchObject({ code: codes.CANCELLED });
  });

  it("does not end an operation at once whose custom timeout is longer than a timer can be", async () => {
    const it = await provider({
      create: async (inputs, context) => {
        await setTimeout(50, undefined, { signal: context.signal });
        return { id: inputs.name, outputs: { ...inputs, made: true } };
      },
    });
    expect(await it.create(TOKEN, { name: "a", size: 1 }, { timeout: 3_000_000 })).toMatchObject({ id: "a" });
  });

  it("ends an operation when its custom timeout is over", async () => {
    const it = await provider({ create: (_inputs, context) => untilAborted(context) });
    expect(await failureOf(it.create(TOKEN, { name: "a", size: 1 }, { timeout: 0.05 }))).toMatchObject({
      code: codes.DEADLINE_EXCEEDED,
      details: expect.stringMatching(/^RESOURCE_TIMEOUT/) as string,
    });
  });

  it("calls only what nobody foresaw an internal error", async () => {
    const it = await provider({ create: () => Promise.reject(new Error("oops")) });
    expect(await failureOf(it.create(TOKEN, { name: "a", size: 1 }))).toMatchObject({ code: codes.INTERNAL, details: "INTERNAL: oops" });
    expect(await failureOf(it.create("virt-ipi:test:Nothing", {}))).toMatchObject({ code: codes.FAILED_PRECONDITION });
  });

  it("checks the provider's own settings", async () => {
    const it = await provider();
    expect(await it.checkConfig({ uri: "qemu+ssh://root@host/system" })).toEqual([]);
    expect(await it.checkConfig({ uri: "host" })).toEqual([expect.stringMatching(/^uri: /)]);
    expect(await it.checkConfig({ uri: UNKNOWN })).toEqual([]);
    const response = await it.configure({});
    expect([response.getAcceptsecrets(), response.getSupportspreview()]).toEqual([true, true]);
  });
});

describe("a URN", () => {
  const urn = "urn:pulumi:dev::p::a:b:Parent$virt-ipi:kvm:Machine::name::with";

  it("ends in a name, which may hold what separates its parts", () => {
    expect(nameOfUrn(urn)).toBe("name::with");
  });

  it("has the last type of the parents' chain", () => {
    expect(typeOfUrn(urn)).toBe("virt-ipi:kvm:Machine");
  });
});
