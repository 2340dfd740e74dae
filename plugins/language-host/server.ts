import { status as codes, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from "@grpc/grpc-js";
import { InstallerError, messageOf } from "../../src/errors/index.ts";
import { run as runDefault, type Runner } from "../../src/exec/index.ts";
import { serve } from "../../src/pulumi/server/grpc.ts";
import { dependencies, installedPackages, packageFolder, readPackage, requiredPlugins } from "./packages.ts";
import { programDirectoryOf, programRequest } from "./requests.ts";
import { runProgram } from "./run-program.ts";
import { Empty, LanguageRuntimeService, messages, PackageDependency, PluginInfo } from "./stubs.ts";

/** The version of the protocol's stubs that this host speaks. */
export const HOST_VERSION = "3.276.0";

export interface LanguageHostOptions {
  readonly engineAddress: string;
  readonly tracing?: string | undefined;
  readonly run?: Runner | undefined;
  /** Each line that a program prints. */
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

export interface LanguageHost {
  /** Listening on 127.0.0.1. */
  readonly port: number;
  /** Stops the running programs, waits for their end, then stops the server. */
  close(): Promise<void>;
}

type Unary<Request, Response> = ServerUnaryCall<Request, Response>;

/** Starts a language host for Node programs: the part of Pulumi's language protocol that running programs takes. */
export async function startLanguageHost(options: LanguageHostOptions): Promise<LanguageHost> {
  const run = options.run ?? runDefault;
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const stopped = new InstallerError("INTERRUPTED", "the language host was asked to stop");

  /** Aborted when the engine gives up the call, or the host ends. */
  const signalOf = (call: { on(event: "cancelled", listener: () => void): unknown }): AbortSignal => {
    const cancelled = new AbortController();
    call.on("cancelled", () => {
      cancelled.abort(stopped);
    });
    return AbortSignal.any([closing.signal, cancelled.signal]);
  };

  async function runRequest(call: Unary<InstanceType<typeof messages.RunRequest>, unknown>): Promise<InstanceType<typeof messages.RunResponse>> {
    const request = programRequest(call.request, options.engineAddress, options.tracing);
    const program = runProgram(request, { run, signal: signalOf(call), onLine: options.onLine });
    running.add(program);
    const outcome = await program.finally(() => running.delete(program));
    const response = new messages.RunResponse();
    response.setError(outcome.error);
    response.setBail(outcome.bail);
    return response;
  }

  async function getRequiredPackages(
    call: Unary<InstanceType<typeof messages.GetRequiredPackagesRequest>, unknown>,
  ): Promise<InstanceType<typeof messages.GetRequiredPackagesResponse>> {
    const response = new messages.GetRequiredPackagesResponse();
    const plugins = requiredPlugins(await installedPackages(programDirectoryOf(call.request.getInfo())));
    response.setPackagesList(
      plugins.map((plugin) => new PackageDependency().setName(plugin.name).setKind("resource").setVersion(plugin.version).setServer(plugin.server)),
    );
    return response;
  }

  async function getProgramDependencies(
    call: Unary<InstanceType<typeof messages.GetProgramDependenciesRequest>, unknown>,
  ): Promise<InstanceType<typeof messages.GetProgramDependenciesResponse>> {
    const folder = programDirectoryOf(call.request.getInfo());
    const own = await readPackage((await packageFolder(folder)) ?? folder);
    const found = dependencies(own, await installedPackages(folder), call.request.getTransitivedependencies());
    const response = new messages.GetProgramDependenciesResponse();
    response.setDependenciesList(found.map(({ name, version }) => new messages.DependencyInfo().setName(name).setVersion(version)));
    return response;
  }

  /** `npm install` in the nearest folder with a package.json. */
  async function installDependencies(
    call: ServerWritableStream<InstanceType<typeof messages.InstallDependenciesRequest>, InstanceType<typeof messages.InstallDependenciesResponse>>,
  ): Promise<void> {
    const folder = await packageFolder(call.request.getDirectory());
    if (folder === undefined) throw new InstallerError("CONFIG_INVALID", `there is no package.json in ${call.request.getDirectory()} or above`);
    await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      signal: signalOf(call),
      onLine: (line, stream) => {
        const bytes = Buffer.from(`${line}\n`);
        const message = new messages.InstallDependenciesResponse();
        call.write(stream === "stdout" ? message.setStdout(bytes) : message.setStderr(bytes));
      },
    });
    call.end();
  }

  function about(): Promise<InstanceType<typeof messages.AboutResponse>> {
    return Promise.resolve(new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version));
  }

  const server = await serve(LanguageRuntimeService, {
    handshake: unary(() => Promise.resolve(new messages.LanguageHandshakeResponse())),
    getPluginInfo: unary(() => Promise.resolve(new PluginInfo().setVersion(HOST_VERSION))),
    getRequiredPackages: unary(getRequiredPackages),
    getProgramDependencies: unary(getProgramDependencies),
    about: unary(about),
    run: unary(runRequest),
    // Nothing to ask, and nothing to fill in: `pulumi new` is not how a cluster begins.
    runtimeOptionsPrompts: unary(() => Promise.resolve(new messages.RuntimeOptionsResponse())),
    template: unary(() => Promise.resolve(new messages.TemplateResponse())),
    cancel: unary(() => {
      closing.abort(stopped);
      return Promise.resolve(new Empty());
    }),
    installDependencies: (call: Parameters<typeof installDependencies>[0]) => {
      installDependencies(call).catch((error: unknown) => {
        call.destroy(Object.assign(new Error(messageOf(error)), { code: codes.UNKNOWN, details: messageOf(error) }));
      });
    },
  });

  return {
    port: server.port,
    close: async () => {
      closing.abort(stopped);
      await Promise.allSettled(running);
      server.close();
    },
  };
}

/** A promise as a handler of a call with one answer. */
function unary<Request, Response>(handler: (call: Unary<Request, Response>) => Promise<Response>) {
  return (call: Unary<Request, Response>, callback: sendUnaryData<Response>): void => {
    handler(call).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        const interrupted = error instanceof InstallerError && error.id === "INTERRUPTED";
        callback({ code: interrupted ? codes.CANCELLED : codes.UNKNOWN, details: messageOf(error) });
      },
    );
  };
}
