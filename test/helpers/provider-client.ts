import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { startProviderServer, type ProviderServer, type ProviderServerOptions } from "../../src/pulumi/server/server.ts";
import { fromStruct, toStruct } from "../../src/pulumi/server/struct.ts";
import { messages, ResourceProviderClient, Status } from "../../src/pulumi/server/stubs.ts";
import type { Properties } from "../../src/pulumi/resource/values.ts";

export interface ProviderFailure {
  readonly code: number;
  readonly details: string;
  /** Of ErrorResourceInitFailed. */
  readonly initFailed:
    | { readonly id: string; readonly outputs: Properties; readonly inputs: Properties; readonly reasons: readonly string[] }
    | undefined;
}

export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/** Speaks to a provider as Pulumi's engine does, over real gRPC. Failures reject with a ProviderFailure. */
export class ProviderClient {
  readonly #client: InstanceType<typeof ResourceProviderClient>;
  readonly #stop: () => void;

  constructor(port: number, stop: () => void = () => undefined) {
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    this.#stop = stop;
  }

  close(): void {
    this.#client.close();
    this.#stop();
  }

  configure(config: Properties): Promise<InstanceType<typeof messages.ConfigureResponse>> {
    const request = new messages.ConfigureRequest();
    request.setArgs(toStruct(config));
    return call((done) => this.#client.configure(request, done));
  }

  async checkConfig(config: Properties): Promise<readonly string[]> {
    const request = new messages.CheckRequest();
    request.setNews(toStruct(config));
    const response = await call<InstanceType<typeof messages.CheckResponse>>((done) => this.#client.checkConfig(request, done));
    return response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
  }

  async check(
    token: string,
    news: Properties,
    olds?: Properties,
    secrets: readonly string[] = [],
  ): Promise<{ readonly failures: readonly string[]; readonly raw: InstanceType<typeof messages.CheckResponse> }> {
    const request = new messages.CheckRequest();
    request.setUrn(urnOf(token));
    request.setNews(toStruct(news, secrets));
    if (olds !== undefined) request.setOlds(toStruct(olds));
    const raw = await call<InstanceType<typeof messages.CheckResponse>>((done) => this.#client.check(request, done));
    return { raw, failures: raw.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`) };
  }

  async diff(
    token: string,
    oldInputs: Properties,
    news: Properties,
  ): Promise<{
    readonly changed: boolean;
    readonly diffs: readonly string[];
    readonly replaces: readonly string[];
    readonly deleteBeforeReplace: boolean;
  }> {
    const request = new messages.DiffRequest();
    request.setUrn(urnOf(token));
    request.setOldInputs(toStruct(oldInputs));
    request.setNews(toStruct(news));
    const response = await call<InstanceType<typeof messages.DiffResponse>>((done) => this.#client.diff(request, done));
    return {
      changed: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      diffs: response.getDiffsList(),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(
    token: string,
    inputs: Properties,
    options: { readonly preview?: boolean; readonly timeout?: number; readonly secrets?: readonly string[] } = {},
  ): Promise<Made> {
    const request = new messages.CreateRequest();
    request.setUrn(urnOf(token));
    request.setProperties(toStruct(inputs, options.secrets));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 0);
    const response = await call<InstanceType<typeof messages.CreateResponse>>((done) => this.#client.create(request, done));
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  /** The outputs as they are on the wire, secrets wrapped. */
  async createRaw(token: string, inputs: Properties, secrets: readonly string[] = []): Promise<unknown> {
    const request = new messages.CreateRequest();
    request.setUrn(urnOf(token));
    request.setProperties(toStruct(inputs, secrets));
    const response = await call<InstanceType<typeof messages.CreateResponse>>((done) => this.#client.create(request, done));
    return response.getProperties()?.toJavaScript();
  }

  /** Undefined when the provider says that the resource is gone. */
  async read(
    token: string,
    id: string,
    inputs?: Properties,
    outputs?: Properties,
  ): Promise<{ readonly id: string; readonly inputs: Properties; readonly outputs: Properties } | undefined> {
    const request = new messages.ReadRequest();
    request.setUrn(urnOf(token));
    request.setId(id);
    if (inputs !== undefined) request.setInputs(toStruct(inputs));
    if (outputs !== undefined) request.setProperties(toStruct(outputs));
    const response = await call<InstanceType<typeof messages.ReadResponse>>((done) => this.#client.read(request, done));
    return response.getId() === ""
      ? undefined
      : { id: response.getId(), inputs: fromStruct(response.getInputs()), outputs: fromStruct(response.getProperties()) };
  }

  async update(
    token: string,
    id: string,
    old: { readonly inputs: Properties; readonly outputs: Properties },
    news: Properties,
    options: { readonly preview?: boolean; readonly timeout?: number; readonly ignore?: readonly string[] } = {},
  ): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setIgnorechangesList([...(options.ignore ?? [])]);
    request.setUrn(urnOf(token));
    request.setId(id);
    request.setOldInputs(toStruct(old.inputs));
    request.setOlds(toStruct(old.outputs));
    request.setNews(toStruct(news));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 0);
    const response = await call<InstanceType<typeof messages.UpdateResponse>>((done) => this.#client.update(request, done));
    return fromStruct(response.getProperties());
  }

  async delete(token: string, id: string, inputs: Properties, outputs: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setUrn(urnOf(token));
    request.setId(id);
    request.setOldInputs(toStruct(inputs));
    request.setProperties(toStruct(outputs));
    await call((done) => this.#client.delete(request, done));
  }

  async cancel(): Promise<void> {
    const { Empty } = await import("../../src/pulumi/server/stubs.ts");
    await call((done) => this.#client.cancel(new Empty(), done));
  }
}

/** A provider in this process, and a client of it that is configured. */
export async function startProvider(
  config: Properties,
  options: Omit<ProviderServerOptions, "env">,
): Promise<ProviderClient & { readonly server: ProviderServer }> {
  const server = await startProviderServer({ ...options, env: {} });
  const client = new ProviderClient(server.port, () => server.close());
  await client.configure(config);
  return Object.assign(client, { server });
}

export const urnOf = (token: string): string => `urn:pulumi:dev::test::${token}::it`;

function call<T>(start: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(asFailure(error))));
  });
}

function asFailure(error: ServiceError): Error & ProviderFailure {
  return Object.assign(new Error(error.details), {
    code: error.code,
    details: error.details,
    initFailed: initFailedOf(error.metadata ?? new Metadata()),
  });
}

function initFailedOf(metadata: Metadata): ProviderFailure["initFailed"] {
  const [packed] = metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(packed)) return undefined;
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const found = messages.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  return { id: found.getId(), outputs: fromStruct(found.getProperties()), inputs: fromStruct(found.getInputs()), reasons: found.getReasonsList() };
}
