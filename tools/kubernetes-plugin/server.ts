import type { UntypedHandleCall } from "@grpc/grpc-js";
import { InstallerError } from "../../src/errors/index.ts";
import { engineSink } from "../../src/pulumi/server/engine-sink.ts";
import { toServiceError } from "../../src/pulumi/server/failures.ts";
import { serveProvider, unary, type Listening } from "../../src/pulumi/server/grpc.ts";
import { fromStruct } from "../../src/pulumi/server/struct.ts";
import { Empty, messages, PluginInfo } from "../../src/pulumi/server/stubs.ts";
import type { LogSink } from "../../src/pulumi/resource/progress.ts";
import type { Properties } from "../../src/pulumi/resource/values.ts";
import { systemClock, type Clock } from "../../src/util/index.ts";
import { sealed } from "./checkpoint.ts";
import { checkObject } from "./check.ts";
import { LIMITS, type Limits } from "./cluster.ts";
import { diffObjects } from "./diff.ts";
import { nameOfUrn } from "../../src/pulumi/resource/urn.ts";
import { manifestOf, tokenOf } from "./manifest.ts";
import { createObject, readObject, removeObject, updateObject } from "./objects.ts";
import { asStruct, opened, rawOf } from "./properties.ts";
import { notConfigured, Session } from "./session.ts";
import { clusterChanges, settingsOf, unsupportedSettings, type Env } from "./settings.ts";

/** The official plugin that this one stands in for, so that the SDK's classes find it. */
export const PLUGIN_VERSION = "4.34.2";

export interface ServerOptions {
  /** `host:port`; without it nothing is told on the way. */
  readonly engineAddress?: string | undefined;
  readonly env: Env;
  readonly clock?: Clock;
  readonly limits?: Limits;
}

export interface PluginServer extends Listening {
  /** What the engine's Cancel does. */
  cancel(): void;
  /** Resolves when no operation runs any more. */
  drain(): Promise<void>;
}

/** A provider of Kubernetes objects on a port of its own: the part of the official one's protocol that resources take. */
export async function startKubernetesPlugin(options: ServerOptions): Promise<PluginServer> {
  const handlers = new Handlers(options);
  const { port, close } = await serveProvider(handlers.table());
  return {
    port,
    cancel: () => handlers.cancel(),
    drain: () => handlers.drain(),
    close: () => {
      handlers.close();
      close();
    },
  };
}

type Struct = ReturnType<typeof asStruct>;
const { DiffChanges } = messages.DiffResponse;
const { Kind } = messages.PropertyDiff;
const KINDS = { add: [Kind.ADD, Kind.ADD_REPLACE], delete: [Kind.DELETE, Kind.DELETE_REPLACE], update: [Kind.UPDATE, Kind.UPDATE_REPLACE] } as const;

class Handlers {
  readonly #options: ServerOptions;
  readonly #cancelled = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #sink: LogSink;
  #session: Session | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#sink = options.engineAddress === undefined ? () => undefined : engineSink(options.engineAddress);
  }

  cancel(): void {
    this.#cancelled.abort(new InstallerError("INTERRUPTED", "cancelled"));
  }

  async drain(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  close(): void {
    void this.#session?.close();
  }

  table(): Record<string, UntypedHandleCall> {
    const plain = <Request, Response>(handler: (request: Request) => Response | Promise<Response>): UntypedHandleCall =>
      unary(handler, (error) => toServiceError(error, {}, []));
    return {
      handshake: plain((request: InstanceType<typeof messages.ProviderHandshakeRequest>) => this.handshake(request)),
      getPluginInfo: plain(() => new PluginInfo().setVersion(PLUGIN_VERSION)),
      attach: plain(() => new Empty()),
      checkConfig: plain((request: InstanceType<typeof messages.CheckRequest>) => this.checkConfig(request)),
      diffConfig: plain((request: InstanceType<typeof messages.DiffRequest>) => this.diffConfig(request)),
      configure: plain((request: InstanceType<typeof messages.ConfigureRequest>) => this.configure(request)),
      check: plain((request: InstanceType<typeof messages.CheckRequest>) => this.check(request)),
      diff: plain((request: InstanceType<typeof messages.DiffRequest>) => this.diff(request)),
      create: this.#guarded((request: InstanceType<typeof messages.CreateRequest>) => this.create(request)),
      read: this.#guarded((request: InstanceType<typeof messages.ReadRequest>) => this.read(request)),
      update: this.#guarded((request: InstanceType<typeof messages.UpdateRequest>) => this.update(request)),
      delete: this.#guarded((request: InstanceType<typeof messages.DeleteRequest>) => this.delete(request)),
      cancel: plain(() => {
        this.cancel();
        return new Empty();
      }),
      ...Object.fromEntries(["invoke", "call", "construct"].map((name) => [name, plain(() => notHere(name))])),
    };
  }

  handshake(request: InstanceType<typeof messages.ProviderHandshakeRequest>): InstanceType<typeof messages.ProviderHandshakeResponse> {
    if (request.getEngineAddress() !== "") this.#sink = engineSink(request.getEngineAddress());
    return new messages.ProviderHandshakeResponse().setAcceptSecrets(true);
  }

  checkConfig(request: InstanceType<typeof messages.CheckRequest>): InstanceType<typeof messages.CheckResponse> {
    return new messages.CheckResponse().setInputs(request.getNews()).setFailuresList(unsupportedSettings(fromStruct(request.getNews())).map(failure));
  }

  diffConfig(request: InstanceType<typeof messages.DiffRequest>): InstanceType<typeof messages.DiffResponse> {
    const replaces = clusterChanges(fromStruct(request.getOlds()), fromStruct(request.getNews()), this.#options.env);
    const response = new messages.DiffResponse();
    if (replaces.length > 0) response.setChanges(DiffChanges.DIFF_SOME);
    return response.setDiffsList([...replaces]).setReplacesList([...replaces]);
  }

  configure(request: InstanceType<typeof messages.ConfigureRequest>): InstanceType<typeof messages.ConfigureResponse> {
    const settings = settingsOf(fromStruct(request.getArgs()), this.#options.env);
    this.#session = new Session(settings, {
      clock: this.#options.clock ?? systemClock,
      limits: this.#options.limits ?? LIMITS,
      cancelled: this.#cancelled.signal,
      sink: (...message) => this.#sink(...message),
    });
    return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  check(request: InstanceType<typeof messages.CheckRequest>): InstanceType<typeof messages.CheckResponse> {
    const urn = request.getUrn();
    const news = rawOf(request.getNews());
    const token = tokenOf(urn, news["kind"]);
    const olds = request.getOlds();
    const proposed = request.getAutonaming()?.getProposedName() ?? "";
    const { inputs, failures } = checkObject(news, olds === undefined ? undefined : opened(rawOf(olds)), {
      token,
      resourceName: nameOfUrn(urn),
      randomSeed: request.getRandomseed_asU8(),
      proposedName: proposed === "" ? undefined : proposed,
      namespace: this.#session?.settings.namespace,
    });
    return new messages.CheckResponse().setInputs(asStruct(sealed(inputs, manifestOf(opened(inputs), token)))).setFailuresList(failures.map(failure));
  }

  diff(request: InstanceType<typeof messages.DiffRequest>): InstanceType<typeof messages.DiffResponse> {
    const inputs = opened(rawOf(request.getNews()));
    const token = tokenOf(request.getUrn(), inputs["kind"]);
    const old = manifestOf(opened(rawOf(request.getOldInputs())), token);
    const news = manifestOf(inputs, token);
    const settings = this.#configured().settings;
    const found = diffObjects(old, news, { patch: token.patch, ignore: request.getIgnorechangesList(), settings });
    const response = new messages.DiffResponse()
      .setChanges(found.changes.length === 0 ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME)
      .setDiffsList([...new Set(found.changes.map(({ path }) => path.split(/[.[]/)[0] ?? path))])
      .setReplacesList(found.changes.filter(({ replaces }) => replaces).map(({ path }) => path))
      .setDeletebeforereplace(found.deleteBeforeReplace)
      .setHasdetaileddiff(true);
    for (const { path, kind, replaces } of found.changes)
      response.getDetaileddiffMap().set(path, new messages.PropertyDiff().setKind(KINDS[kind][replaces ? 1 : 0]).setInputdiff(true));
    return response;
  }

  async create(request: InstanceType<typeof messages.CreateRequest>): Promise<InstanceType<typeof messages.CreateResponse>> {
    const made = await createObject(this.#configured(), {
      urn: request.getUrn(),
      inputs: rawOf(request.getProperties()),
      preview: request.getPreview(),
      timeoutSeconds: request.getTimeout(),
    });
    return new messages.CreateResponse().setId(made.id).setProperties(asStruct(made.state));
  }

  async read(request: InstanceType<typeof messages.ReadRequest>): Promise<InstanceType<typeof messages.ReadResponse>> {
    const found = await readObject(this.#configured(), {
      urn: request.getUrn(),
      id: request.getId(),
      inputs: rawOf(request.getInputs()),
      state: rawOf(request.getProperties()),
    });
    const response = new messages.ReadResponse();
    // An empty id says that it is gone.
    return found === undefined ? response : response.setId(found.id).setInputs(asStruct(found.inputs)).setProperties(asStruct(found.state));
  }

  async update(request: InstanceType<typeof messages.UpdateRequest>): Promise<InstanceType<typeof messages.UpdateResponse>> {
    const { state } = await updateObject(this.#configured(), {
      urn: request.getUrn(),
      id: request.getId(),
      inputs: rawOf(request.getNews()),
      state: rawOf(request.getOlds()),
      preview: request.getPreview(),
      timeoutSeconds: request.getTimeout(),
      ignore: request.getIgnorechangesList(),
    });
    return new messages.UpdateResponse().setProperties(asStruct(state));
  }

  async delete(request: InstanceType<typeof messages.DeleteRequest>): Promise<InstanceType<typeof Empty>> {
    await removeObject(this.#configured(), {
      urn: request.getUrn(),
      id: request.getId(),
      state: rawOf(request.getProperties()),
      timeoutSeconds: request.getTimeout(),
    });
    return new Empty();
  }

  #configured(): Session {
    if (this.#session === undefined) throw notConfigured();
    return this.#session;
  }

  /** An operation that `drain` waits for, and whose inputs go with a partial failure. */
  #guarded<Request extends object, Response>(handler: (request: Request) => Promise<Response>): UntypedHandleCall {
    const inputsOf = (request: Request): Properties => {
      const { getProperties, getNews } = request as { getProperties?: () => Struct | undefined; getNews?: () => Struct | undefined };
      return rawOf(getNews?.call(request) ?? getProperties?.call(request));
    };
    return unary(
      async (request: Request) => {
        const running = handler(request);
        this.#running.add(running);
        try {
          return await running;
        } catch (error) {
          throw new Failed(error, inputsOf(request));
        } finally {
          this.#running.delete(running);
        }
      },
      (error) => (error instanceof Failed ? toServiceError(error.cause, error.inputs, []) : toServiceError(error, {}, [])),
    );
  }
}

class Failed extends Error {
  readonly inputs: Properties;
  constructor(cause: unknown, inputs: Properties) {
    super("failed", { cause });
    this.inputs = inputs;
  }
}

function failure({ property, reason }: { readonly property: string; readonly reason: string }): InstanceType<typeof messages.CheckFailure> {
  return new messages.CheckFailure().setProperty(property).setReason(reason);
}

function notHere(name: string): never {
  throw new InstallerError("USAGE", `this kubernetes provider has no ${name}: charts, kustomizations and YAML components take the official one`, {
    advice: "Declare the objects as resources, or install the official plugin with `pulumi plugin install resource kubernetes`.",
  });
}
