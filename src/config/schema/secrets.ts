import type { z } from "zod";
import { docOf } from "../fields/field.ts";
import { installConfigSchema } from "./install-config.ts";
import { walkSchema } from "../fields/walk.ts";

const secret = new Set<string>();
const personal = new Set<string>();
const silent = new Set<string>();
walkSchema(installConfigSchema, (path, schema: z.core.$ZodType) => {
  const doc = docOf(schema);
  if (doc?.secret === true) secret.add(path.toLowerCase());
  if (doc?.personal === true) personal.add(path.toLowerCase());
  if (doc?.silent === true) silent.add(path.toLowerCase());
});

/** Whatever its capitals: a key that is read although it is written otherwise is as secret. */
const pattern = (path: string): string => path.replaceAll(/\[\d+\]/g, "[]").toLowerCase();

const isSecretPath = (path: string): boolean => secret.has(pattern(path));

/** True if what stands at this path (`a.b[0].c`) must be blanked wherever the file goes. */
export const isBlankedPath = (path: string): boolean => isSecretPath(path) || personal.has(pattern(path));

/** True if what stands at this path must not be quoted in a message. */
export const isUnprintablePath = (path: string): boolean => isSecretPath(path) || silent.has(pattern(path));
