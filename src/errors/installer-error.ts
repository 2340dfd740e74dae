import { CATALOGUE, EXIT, type CatalogueEntry } from "./catalogue.ts";

export type ErrorId = keyof typeof CATALOGUE;

const BRAND = Symbol.for("virt-ipi.InstallerError");

export interface InstallerErrorOptions {
  /** The offending value, already redacted by the caller if it could be secret. */
  readonly value?: string | undefined;
  /** Replaces the catalogue's advice where the call site knows better. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
  /** Further facts, one line each, printed below the message. */
  readonly details?: readonly string[] | undefined;
}

/** An error meant for the user: catalogue id, what failed, the value and what to do next. */
export class InstallerError extends Error {
  readonly [BRAND] = true;
  readonly id: ErrorId;
  readonly value: string | undefined;
  readonly advice: string;
  readonly details: readonly string[];

  constructor(id: ErrorId, what: string, options: InstallerErrorOptions = {}) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "InstallerError";
    this.id = id;
    this.value = options.value;
    this.advice = options.advice ?? CATALOGUE[id].advice;
    this.details = options.details ?? [];
  }

  get exitCode(): number {
    const entry: CatalogueEntry = CATALOGUE[this.id];
    return EXIT[entry.exit];
  }
}

/** True for our errors, also when two copies of this module are loaded. */
export function isInstallerError(error: unknown): error is InstallerError {
  return typeof error === "object" && error !== null && BRAND in error;
}

/** The message of any thrown value, with the messages of its causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}
