/** Process exit codes. The classes 3-8 are those of `openshift-install`; `validate` uses 3. */
export const EXIT = {
  ok: 0,
  other: 1,
  usage: 2,
  config: 3,
  infrastructure: 4,
  bootstrap: 5,
  install: 6,
  operators: 7,
  interrupted: 8,
} as const;

export type ExitClass = keyof typeof EXIT;

export interface CatalogueEntry {
  readonly exit: ExitClass;
  /** What went wrong, in one sentence without values. */
  readonly title: string;
  /** What the user does next. */
  readonly advice: string;
}

/** @param advice what the user does next */
export const entry = (exit: ExitClass, title: string, advice: string): CatalogueEntry => ({ exit, title, advice });
