import { lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError, isInstallerError, messageOf } from "../../errors/index.ts";
import type { Runner } from "../../exec/index.ts";
import { writeFileAtomic, type Environment } from "../../util/index.ts";
import type { UnitScope } from "./unit.ts";

const UNIT_MODE = 0o644;
/** What is asked of a unit. Source: org.freedesktop.systemd1(5) */
const PROPERTIES = ["ActiveState", "SubState", "UnitFileState", "StateChangeTimestamp", "NRestarts", "Result"] as const;

/** Where each kind of systemd keeps what an administrator, or a user, has added. */
export type UnitFolders = Readonly<Record<UnitScope, string>>;

export const unitFolders = (env: Environment): UnitFolders => ({
  system: "/etc/systemd/system",
  user: join(env["XDG_CONFIG_HOME"] ?? join(env["HOME"] ?? "/", ".config"), "systemd/user"),
});

/** What a unit is doing. */
export interface UnitState {
  /** `active (running)`, `activating (auto-restart)`, `failed (failed)`… */
  readonly state: string;
  /** `enabled`, `disabled`… */
  readonly enabled: string;
  /** When the state began, in systemd's own words; absent for one that was never started. */
  readonly since?: string;
  readonly restarts: number;
  /** `success`, `exit-code`, `signal`… */
  readonly result: string;
}

/** One systemd: the host's, or this user's. */
export class Systemd {
  readonly scope: UnitScope;
  readonly #folder: string;
  readonly #run: Runner;
  readonly #signal: AbortSignal;

  constructor(scope: UnitScope, folders: UnitFolders, { run, signal }: { readonly run: Runner; readonly signal: AbortSignal }) {
    this.scope = scope;
    this.#folder = folders[scope];
    this.#run = run;
    this.#signal = signal;
  }

  pathOf(unit: string): string {
    return join(this.#folder, unit);
  }

  async has(unit: string): Promise<boolean> {
    return (await lstat(this.pathOf(unit)).catch(() => undefined)) !== undefined;
  }

  /** Writes a unit and starts it, now and with the host; one that runs is started again. @throws InstallerError SYSTEMD_MISSING, before anything is written */
  async install(unit: string, text: string): Promise<void> {
    await this.#systemctl(["show", "--property=Version"]);
    await writeFileAtomic(this.pathOf(unit), text, UNIT_MODE);
    await this.#systemctl(["daemon-reload"]);
    await this.#systemctl(["enable", unit]);
    await this.#systemctl(["restart", unit]);
  }

  /** Stops a unit, and removes it. @throws InstallerError SYSTEMD_MISSING */
  async uninstall(unit: string): Promise<void> {
    await this.#systemctl(["disable", "--now", unit]);
    await rm(this.pathOf(unit), { force: true });
    await this.#systemctl(["daemon-reload"]);
    // One that had failed is remembered otherwise.
    await this.#systemctl(["reset-failed", unit]).catch(() => this.#signal.throwIfAborted());
  }

  /** @throws InstallerError SYSTEMD_MISSING */
  async state(unit: string): Promise<UnitState> {
    const printed = await this.#systemctl(["show", unit, ...PROPERTIES.map((name) => `--property=${name}`)]);
    const values = new Map(printed.split("\n").map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
    const value = (name: (typeof PROPERTIES)[number]): string => values.get(name) ?? "";
    const since = value("StateChangeTimestamp");
    return {
      state: `${value("ActiveState")} (${value("SubState")})`,
      enabled: value("UnitFileState"),
      ...(since === "" ? {} : { since }),
      restarts: Number(value("NRestarts")),
      result: value("Result"),
    };
  }

  async #systemctl(args: readonly string[]): Promise<string> {
    try {
      return (await this.#run("systemctl", [...(this.scope === "user" ? ["--user"] : []), ...args], { signal: this.#signal })).stdout;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!isInstallerError(error)) throw error;
      throw new InstallerError("SYSTEMD_MISSING", `systemd cannot be asked: ${messageOf(error)}`, {
        value: `systemctl ${args.join(" ")}`,
        cause: error,
      });
    }
  }
}
