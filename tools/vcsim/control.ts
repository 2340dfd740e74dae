import { request } from "node:https";
import { setTimeout as delay } from "node:timers/promises";

/** What happens to requests of one kind; of several that fit, the first counts. See rules.go. */
export interface Rule {
  /** Start of the path: `/sdk`, `/rest`, `/api`, `/nfc`. */
  readonly path?: string;
  /** SOAP method such as `CloneVM_Task` under `/sdk`, else the HTTP method. */
  readonly method?: string;
  /** Lets so many fitting requests pass first. */
  readonly skip?: number;
  /** How many are hit then; all unless given. */
  readonly times?: number;
  /** Answers at once with that HTTP status. */
  readonly status?: number;
  readonly delayMs?: number;
  /** Never answers, until the rules are cleared. */
  readonly hang?: boolean;
  /** Breaks the connection. */
  readonly reset?: boolean;
  /** Slows uploads down. */
  readonly bytesPerSecond?: number;
  /** All sessions of before are unknown from this request on. */
  readonly expire?: boolean;
}

/** Makes a running vcsim misbehave, and counts what it was asked. */
export class Control {
  readonly #server: string;
  readonly #ca: string;

  constructor(server: string, ca: string) {
    this.#server = server;
    this.#ca = ca;
  }

  async addRules(...rules: readonly Rule[]): Promise<void> {
    await this.#ask("POST", "/vcsim/rules", JSON.stringify(rules));
  }

  /** Takes all rules away; what hangs goes on. */
  async clearRules(): Promise<void> {
    await this.#ask("DELETE", "/vcsim/rules");
  }

  /** How often each request came: `/sdk Login` -> 1, `/rest POST` -> 4. */
  async requests(): Promise<Readonly<Record<string, number>>> {
    return JSON.parse(await this.#ask("GET", "/vcsim/requests")) as Record<string, number>;
  }

  /** All sessions of before become unknown. */
  async expireSessions(): Promise<void> {
    await this.#ask("POST", "/vcsim/expire");
  }

  /** Refuses connections for so long, then serves on the same port the same inventory, without the old sessions. */
  async restart(downMs: number): Promise<void> {
    await this.#ask("POST", `/vcsim/restart?for=${downMs}ms`).catch((error: unknown) => {
      // The answer may be overtaken by the end of its own connection.
      if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
    });
  }

  /** Resolves when it serves, after a restart. @throws what the last try failed with, after two minutes */
  async untilServing(): Promise<void> {
    for (let triesLeft = 600; ; triesLeft--) {
      try {
        await this.requests();
        return;
      } catch (error) {
        if (triesLeft === 0) throw error;
        await delay(200);
      }
    }
  }

  async #ask(method: string, path: string, body?: string): Promise<string> {
    return await new Promise((resolve, reject) => {
      // The name in the certificate may be any; that its authority is this vcsim's own says enough.
      const options = { method, ca: this.#ca, checkServerIdentity: () => undefined, agent: false };
      const outgoing = request(`https://${this.#server}${path}`, options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          if ((response.statusCode ?? 500) < 300) resolve(text);
          else reject(new Error(`vcsim answered ${method} ${path} with ${response.statusCode}: ${text.trim()}`));
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}
