import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InstallerError, isInstallerError, messageOf } from "../../errors/index.ts";
import type { Runner, RunOptions } from "../../exec/index.ts";
import { vcenterSign } from "./vcenter-signs.ts";

/** How to reach one vCenter. */
export interface Connection {
  /** Host name or address, with `:port` where it is not 443. */
  readonly server: string;
  readonly user: string;
  /** Secret. */
  readonly password: string;
  /** PEM of CAs to trust besides the system's; undefined where SSL_CERT_FILE is set for us already. */
  readonly trustBundle?: string | undefined;
}

export interface GovcOptions {
  readonly input?: string;
  /** Default one minute; 0 is no limit. */
  readonly timeoutMs?: number;
  /** Each piece of standard output as it comes; a terminal's progress has carriage returns in it. */
  readonly onOutput?: (text: string) => void;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Settings of govc that the user's shell may have for other work. They must not change ours, and GOVC_DEBUG would write secrets to files. */
const UNSET = Object.fromEntries(
  [
    "CERTIFICATE PRIVATE_KEY DATACENTER DATASTORE DATASTORE_CLUSTER CLUSTER NETWORK RESOURCE_POOL HOST FOLDER VM VIRTUAL_APP GUEST_LOGIN",
    "DEBUG DEBUG_PATH DEBUG_PATH_RUN DEBUG_FORMAT DEBUG_XML DEBUG_JSON TLS_KNOWN_HOSTS TLS_CA_CERTS MIN_API_VERSION VIM_VERSION VIM_NAMESPACE",
    "VI_JSON INDENT SHOW_UNRELEASED TLS_HANDSHAKE_TIMEOUT",
  ]
    .join(" ")
    .split(" ")
    .map((name) => [`GOVC_${name}`, undefined]),
);

/** One vCenter, by VMware's own command line. Credentials go by the environment, never by arguments. */
export class Govc {
  readonly connection: Connection;
  readonly #run: Runner;
  readonly #signal: AbortSignal | undefined;

  constructor(connection: Connection, run: Runner, signal?: AbortSignal) {
    this.connection = connection;
    this.#run = run;
    this.#signal = signal;
  }

  /** The same vCenter, for what has to be undone after an interruption. */
  withoutSignal(): Govc {
    return new Govc(this.connection, this.#run);
  }

  withSignal(signal: AbortSignal): Govc {
    return new Govc(this.connection, this.#run, signal);
  }

  /** Standard output of one command. @throws InstallerError VCENTER_…, EXEC_NOT_FOUND, EXEC_TIMEOUT, INTERRUPTED */
  async text(args: readonly string[], options: GovcOptions = {}): Promise<string> {
    const { server, user, password } = this.connection;
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const runOptions: RunOptions = {
      // `GOVC_PASSWORD` may also name a file, relative ones included: none of our files lies in the root folder.
      cwd: "/",
      env: {
        ...UNSET,
        GOVC_URL: server,
        GOVC_USERNAME: user,
        GOVC_PASSWORD: password,
        GOVC_INSECURE: "false",
        GOVC_PERSIST_SESSION: "false",
        // Else an error of a command with -json is a page of JSON.
        GOVC_FORMAT_ERROR: "false",
      },
      signal: this.#signal,
      ...(timeoutMs === 0 ? {} : { timeoutMs }),
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
    };
    return await withOneTry(this.connection, async () => {
      try {
        return await withTrust(this.connection.trustBundle, async (trust) => {
          return (await this.#run("govc", args, { ...runOptions, env: { ...runOptions.env, ...trust } })).stdout;
        });
      } catch (error) {
        throw translate(error, this.connection);
      }
    });
  }

  /** Does nothing after the first command that was let in. @throws InstallerError VCENTER_LOGIN, INTERRUPTED; another failure shows with the next command */
  async signIn(): Promise<void> {
    const first = logins.get(keyOf(this.connection));
    if (first !== undefined && (await first) === undefined) return;
    await this.text(["about"]).catch((error: unknown) => {
      if (isInstallerError(error) && (error.id === "VCENTER_LOGIN" || error.id === "INTERRUPTED")) throw error;
    });
  }

  /** Standard output as JSON; `null`, govc's empty list, as undefined. */
  async json<T>(args: readonly string[], options?: GovcOptions): Promise<T | undefined> {
    const [command = "", ...rest] = args;
    const text = await this.text([command, "-json", ...rest], options);
    return text.trim() === "" ? undefined : ((JSON.parse(text) as T | null) ?? undefined);
  }
}

/** What the first command to each vCenter has shown of its login: the error by which it was refused. */
const logins = new Map<string, Promise<InstallerError | undefined>>();

const keyOf = ({ server, user, password }: Connection): string => JSON.stringify([server, user, password]);

/** Each command logs in again. The others wait for the first one, so that a wrong password is tried once in a process and locks no account. */
async function withOneTry<T>(connection: Connection, command: () => Promise<T>): Promise<T> {
  const key = keyOf(connection);
  for (let first = logins.get(key); first !== undefined; first = logins.get(key)) {
    const refused = await first;
    if (refused !== undefined) throw refused;
    if (logins.get(key) === first) return await command();
  }
  const answer = command();
  const login = answer.then(
    () => undefined,
    (error: unknown) => {
      if (isInstallerError(error) && error.id === "VCENTER_LOGIN") return error;
      // Nothing is known of the login yet.
      logins.delete(key);
      return undefined;
    },
  );
  logins.set(key, login);
  return await answer;
}

/** Go reads this file instead of the system's one, and the system's folders besides it. */
async function withTrust<T>(bundle: string | undefined, use: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  if (bundle === undefined) return await use({});
  const folder = await mkdtemp(join(tmpdir(), "virt-ipi-ca-"));
  try {
    const path = join(folder, "ca.pem");
    await writeFile(path, bundle);
    return await use({ SSL_CERT_FILE: path });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function translate(error: unknown, { server }: Connection): unknown {
  if (!isInstallerError(error)) return error;
  if (error.id === "EXEC_TIMEOUT")
    return new InstallerError("VCENTER_UNREACHABLE", `${server} did not answer in time`, { value: server, cause: error });
  if (error.id !== "EXEC_FAILED") return error;
  const said = messageOf(error).replace(/^govc failed: (\S*govc: )?/, "");
  const sign = vcenterSign(said);
  const what = sign === undefined ? said : `${sign.what(server)}: ${said}`;
  return new InstallerError(sign?.id ?? "VCENTER_FAILED", what, { value: server });
}

/** govc's ways of saying that an object is not there. */
export const isNotFound = (error: unknown): boolean =>
  isInstallerError(error) && /not found|ManagedObjectNotFound|has already been deleted|404 Not Found/i.test(error.message);
