import { status as codes, type UntypedHandleCall } from "@grpc/grpc-js";
import { run as runProgram, type Runner } from "../../exec/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { type Clock, systemClock, type Environment } from "../../util/index.ts";
import { difference } from "../resource/diff.ts";
import { toServiceError } from "./failures.ts";
import { serveProvider, unary as unaryCall } from "./grpc.ts";
import { checkInputs, parseInputs, within, type Surroundings } from "./operations.ts";
import type { LogSink } from "../resource/progress.ts";
import { engineSink } from "./engine-sink.ts";
import type { AnyResource, ConfigFailure } from "../resource/resource.ts";
import { Empty, messages, PluginInfo } from "./stubs.ts";
import { typeOfUrn } from "../resource/urn.ts";
import { hasUnknown, type Properties } from "../resource/values.ts";
import { fromStruct, toStruct } from "./struct.ts";
import { PLUGIN_VERSION } from "../resource/version.ts";

export interface ProviderServerOptions {
  /** What the provider can make, by type token. */
  readonly resources: ReadonlyMap<string, AnyResource>;
  /** What is wrong with the settings of an instance; what is not known yet is right. */
  readonly checkConfig?: (config: Properties, env: Environment) => readonly ConfigFailure[];
  /** Address of the engine, `host:port`; without it nothing is reported on the way. */
  readonly engineAddress?: string | undefined;
  readonly env: Environment;
  readonly run?: Runner;
  readonly clock?: Clock;
}

export interface ProviderServer {
  /** Listening on 127.0.0.1. */
  readonly port: number;
  /** What the engine's Cancel does. */
  cancel(): void;
  /** Resolves when no operation runs any more. */
  drain(): Promise<void>;
  close(): void;
}

/**
 * A resource provider on a port of its own. Protocol: pulumi proto/pulumi/provider.proto; methods that are
 * missing here are answered UNIMPLEMENTED, which the engine takes.
 */
export async function startProviderServer(options: ProviderServerOptions): Promise<ProviderServer> {
  const handlers = new Handlers(options);
  const { port, close } = await serveProvider(handlers.table());
  return { port, cancel: () => handlers.cancel(), drain: () => handlers.drain(), close };
}

type Handler<Request, Response> = (request: Request) => Promise<Response> | Response;

class Handlers {
  readonly #resources: ReadonlyMap<string, AnyResource>;
  readonly #run: Runner;
  readonly #env: Environment;
  readonly #clock: Clock;
  readonly #cancelled = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #sink: LogSink;
  readonly #checkConfig: (config: Properties) => readonly ConfigFailure[];
  #config: Properties = {};

  constructor(options: ProviderServerOptions) {
    this.#resources = options.resources;
    const { checkConfig = () => [], env } = options;
    this.#env = env;
    this.#checkConfig = (config) => checkConfig(config, env);
    this.#run = options.run ?? runProgram;
    this.#clock = options.clock ?? systemClock;
    this.#sink = options.engineAddress === undefined ? () => undefined : engineSink(options.engineAddress);
  }

  cancel(): void {
    this.#cancelled.abort(new InstallerError("INTERRUPTED", "cancelled"));
  }

  async drain(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  table(): Record<string, UntypedHandleCall> {
    return {
      handshake: unary((request: InstanceType<typeof messages.ProviderHandshakeRequest>) => this.handshake(request)),
      getPluginInfo: unary(() => this.getPluginInfo()),
      attach: unary(() => new Empty()),
      checkConfig: unary((request: InstanceType<typeof messages.CheckRequest>) => this.checkConfig(request)),
      diffConfig: unary(() => this.diffConfig()),
      configure: unary((request: InstanceType<typeof messages.ConfigureRequest>) => this.configure(request)),
      check: unary((request: InstanceType<typeof messages.CheckRequest>) => this.check(request)),
      diff: unary((request: InstanceType<typeof messages.DiffRequest>) => this.diff(request)),
      create: unary((request: InstanceType<typeof messages.CreateRequest>) => this.create(request)),
      read: unary((request: InstanceType<typeof messages.ReadRequest>) => this.read(request)),
      update: unary((request: InstanceType<typeof messages.UpdateRequest>) => this.update(request)),
      delete: unary((request: InstanceType<typeof messages.DeleteRequest>) => this.delete(request)),
      cancel: unary(() => {
        this.cancel();
        return new Empty();
      }),
    };
  }

  handshake(request: InstanceType<typeof messages.ProviderHandshakeRequest>): InstanceType<typeof messages.ProviderHandshakeResponse> {
    if (request.getEngineAddress() !== "") this.#sink = engineSink(request.getEngineAddress());
    const response = new messages.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setAcceptResources(false);
    response.setAcceptOutputs(false);
    return response;
  }

  getPluginInfo(): InstanceType<typeof PluginInfo> {
    const info = new PluginInfo();
    info.setVersion(PLUGIN_VERSION);
    return info;
  }

  checkConfig(request: InstanceType<typeof messages.CheckRequest>): InstanceType<typeof messages.CheckResponse> {
    const response = new messages.CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(this.#checkConfig(fromStruct(request.getNews())).map(({ property, reason }) => failure(property, reason)));
    return response;
  }

  /** Another URI for the same host is a change of the way, not of the machines. */
  diffConfig(): InstanceType<typeof messages.DiffResponse> {
    return new messages.DiffResponse();
  }

  configure(request: InstanceType<typeof messages.ConfigureRequest>): InstanceType<typeof messages.ConfigureResponse> {
    const config = fromStruct(request.getArgs());
    // An engine need not have asked `checkConfig` first.
    const [wrong] = this.#checkConfig(config);
    if (wrong !== undefined) throw new InstallerError(wrong.id, `the provider's ${wrong.property} ${wrong.reason}`);
    this.#config = config;
    const response = new messages.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    response.setAcceptresources(false);
    response.setAcceptoutputs(false);
    return response;
  }

  /** Answers the inputs as they came, so that secrets inside them stay secrets. */
  check(request: InstanceType<typeof messages.CheckRequest>): InstanceType<typeof messages.CheckResponse> {
    const resource = this.#resource(request.getUrn());
    const olds = request.getOlds();
    const response = new messages.CheckResponse();
    response.setInputs(request.getNews());
    const failures = checkInputs(resource, fromStruct(request.getNews()), olds === undefined ? undefined : fromStruct(olds));
    response.setFailuresList(failures.map(({ property, reason }) => failure(property, reason)));
    return response;
  }

  diff(request: InstanceType<typeof messages.DiffRequest>): InstanceType<typeof messages.DiffResponse> {
    const resource = this.#resource(request.getUrn());
    const found = difference(resource.changes, fromStruct(request.getOldInputs()), fromStruct(request.getNews()));
    const changes = found.changes.filter(({ property }) => !request.getIgnorechangesList().includes(property));
    for (const note of found.notes) this.#sink(request.getUrn(), "info", note, false);
    const response = new messages.DiffResponse();
    const { DiffChanges } = messages.DiffResponse;
    response.setChanges(changes.length === 0 ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
    response.setDiffsList(changes.map(({ property }) => property));
    response.setReplacesList(changes.filter(({ replaces }) => replaces).map(({ property }) => property));
    response.setDeletebeforereplace(resource.deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const { property, kind, replaces } of changes) {
      const detail = new messages.PropertyDiff();
      detail.setKind(KINDS[kind][replaces ? 1 : 0]);
      detail.setInputdiff(true);
      response.getDetaileddiffMap().set(property, detail);
    }
    return response;
  }

  async create(request: InstanceType<typeof messages.CreateRequest>): Promise<InstanceType<typeof messages.CreateResponse>> {
    const resource = this.#resource(request.getUrn());
    const properties = fromStruct(request.getProperties());
    const response = new messages.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct({ ...properties, ...resource.predict(properties) }, resource.secrets));
      return response;
    }
    return await this.#guard(resource, properties, async () => {
      const made = await within(this.#around(), request.getUrn(), request.getTimeout(), (context) =>
        resource.create(parseInputs(resource, properties), context),
      );
      response.setId(made.id);
      response.setProperties(toStruct(made.outputs, resource.secrets));
      response.setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
      return response;
    });
  }

  async read(request: InstanceType<typeof messages.ReadRequest>): Promise<InstanceType<typeof messages.ReadResponse>> {
    const resource = this.#resource(request.getUrn());
    const inputs = resource.inputs.safeParse(fromStruct(request.getInputs()));
    const state = inputs.success ? { inputs: inputs.data, outputs: { ...fromStruct(request.getProperties()) } } : undefined;
    return await this.#guard(resource, {}, async () => {
      const found = await within(this.#around(), request.getUrn(), 0, (context) => resource.read(request.getId(), state, context));
      const response = new messages.ReadResponse();
      // An empty id says that it is gone.
      if (found === undefined) return response;
      response.setId(found.id ?? request.getId());
      response.setInputs(toStruct(found.inputs, resource.secrets));
      response.setProperties(toStruct(found.outputs, resource.secrets));
      response.setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
      return response;
    });
  }

  async update(request: InstanceType<typeof messages.UpdateRequest>): Promise<InstanceType<typeof messages.UpdateResponse>> {
    const resource = this.#resource(request.getUrn());
    const news = fromStruct(request.getNews());
    const old = { inputs: parseInputs(resource, fromStruct(request.getOldInputs())), outputs: { ...fromStruct(request.getOlds()) } };
    const response = new messages.UpdateResponse();
    return await this.#guard(resource, news, async () => {
      if (request.getPreview()) {
        if (!hasUnknown(news))
          await within(
            this.#around(),
            request.getUrn(),
            0,
            async (context) => await resource.mayUpdate?.(request.getId(), old, parseInputs(resource, news), context),
          );
        response.setProperties(toStruct({ ...old.outputs, ...resource.predict(news) }, resource.secrets));
        return response;
      }
      const outputs = await within(this.#around(), request.getUrn(), request.getTimeout(), (context) =>
        resource.update(request.getId(), old, parseInputs(resource, news), context),
      );
      response.setProperties(toStruct(outputs, resource.secrets));
      response.setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
      return response;
    });
  }

  async delete(request: InstanceType<typeof messages.DeleteRequest>): Promise<InstanceType<typeof Empty>> {
    const resource = this.#resource(request.getUrn());
    const state = { inputs: { ...fromStruct(request.getOldInputs()) }, outputs: { ...fromStruct(request.getProperties()) } };
    return await this.#guard(resource, {}, async () => {
      await within(this.#around(), request.getUrn(), request.getTimeout(), (context) => resource.delete(request.getId(), state, context));
      return new Empty();
    });
  }

  #around(): Surroundings {
    return { config: this.#config, run: this.#run, env: this.#env, clock: this.#clock, sink: this.#sink, cancelled: this.#cancelled.signal };
  }

  #resource(urn: string): AnyResource {
    const token = typeOfUrn(urn);
    const resource = this.#resources.get(token);
    if (resource === undefined) throw new InstallerError("INTERNAL", `there is no resource type ${token}`, { value: urn });
    return resource;
  }

  async #guard<T>(resource: AnyResource, inputs: Properties, operation: () => Promise<T>): Promise<T> {
    const running = operation();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw new Answered(toServiceError(error, inputs, resource.secrets));
    } finally {
      this.#running.delete(running);
    }
  }
}

const { Kind } = messages.PropertyDiff;
const KINDS = { add: [Kind.ADD, Kind.ADD_REPLACE], delete: [Kind.DELETE, Kind.DELETE_REPLACE], update: [Kind.UPDATE, Kind.UPDATE_REPLACE] } as const;

function failure(property: string, reason: string): InstanceType<typeof messages.CheckFailure> {
  const failed = new messages.CheckFailure();
  failed.setProperty(property);
  failed.setReason(reason);
  return failed;
}

/** An error that is an answer already. */
class Answered extends Error {
  readonly answer: ReturnType<typeof toServiceError>;
  constructor(answer: ReturnType<typeof toServiceError>) {
    super(answer.details ?? "failed");
    this.answer = answer;
  }
}

function unary<Request, Response>(handler: Handler<Request, Response>): UntypedHandleCall {
  return unaryCall(handler, (error) => (error instanceof Answered ? error.answer : { code: codes.INTERNAL, ...toServiceError(error, {}, []) }));
}
