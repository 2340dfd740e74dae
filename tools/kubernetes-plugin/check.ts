import { randomBytes } from "node:crypto";
import { isInstallerError, messageOf } from "../../src/errors/index.ts";
import { hasUnknown, UNKNOWN, type Properties } from "../../src/pulumi/resource/values.ts";
import { ANNOTATION, annotationOf, manifestOf, nameIsUnknown, type Token } from "./manifest.ts";
import { isSecret } from "../../src/pulumi/server/struct.ts";
import { opened, type Raw } from "./properties.ts";
import { parseWaitFor } from "./wait-for.ts";

export interface Checked {
  readonly inputs: Raw;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface CheckOptions {
  readonly token: Token;
  /** The resource's name, which an object without one of its own is called after. */
  readonly resourceName: string;
  readonly randomSeed: Uint8Array;
  /** What the engine's own naming rules propose. */
  readonly proposedName: string | undefined;
  /** The provider's, for what has a namespace and names none. */
  readonly namespace: string | undefined;
}

/** Completes the inputs (kind, name, namespace) and says what can never work. Secrets inside stay secrets. */
export function checkObject(raw: Raw, old: Properties | undefined, options: CheckOptions): Checked {
  const { token } = options;
  if (token.list) return refused(raw, "kind", `${token.kind} holds other objects and is none itself: make each of its items a resource`);
  const news = opened(raw);
  const manifest = manifestOf(news, token);
  if (manifest.metadata["generateName"] !== undefined && manifest.metadata.name === undefined)
    return refused(raw, "metadata.generateName", "server-side apply needs a name: leave it out to have one made, or give metadata.name");
  const waitFor = annotationOf(manifest, "waitFor");
  if (waitFor !== undefined && !hasUnknown(waitFor)) {
    try {
      parseWaitFor(waitFor);
    } catch (error) {
      if (!isInstallerError(error)) throw error;
      return refused(raw, `metadata.annotations["${ANNOTATION.waitFor}"]`, messageOf(error));
    }
  }
  const inputs: Raw = { ...raw, apiVersion: raw["apiVersion"] ?? token.apiVersion, kind: raw["kind"] ?? token.kind };
  // Metadata that is unknown as a whole cannot be completed.
  if (news["metadata"] === UNKNOWN || isSecret(raw["metadata"])) return { inputs, failures: [] };
  const metadata: Raw = { ...(raw["metadata"] as Raw | undefined) };
  if (manifest.metadata.name === undefined && !nameIsUnknown(news)) {
    if (token.patch) return refused(raw, "metadata.name", "a Patch has to name the object that it changes");
    if (metadata["annotations"] === undefined || (typeof metadata["annotations"] === "object" && !isSecret(metadata["annotations"])))
      metadata["annotations"] = { ...(metadata["annotations"] as Raw | undefined), [ANNOTATION.autonamed]: "true" };
    metadata["name"] = autoname(old, options);
  }
  if (options.namespace !== undefined && (manifest.metadata.namespace ?? "") === "") metadata["namespace"] = options.namespace;
  return { inputs: { ...inputs, metadata }, failures: [] };
}

/** The name it has already, if it was made by us; else the resource's name with a random end. */
function autoname(old: Properties | undefined, { token, resourceName, randomSeed, proposedName }: CheckOptions): string {
  const before = old === undefined ? undefined : manifestOf(old, token);
  if (before?.metadata.name !== undefined && annotationOf(before, "autonamed") === "true") return before.metadata.name;
  if (proposedName !== undefined) return proposedName;
  const random = randomSeed.length >= 4 ? Buffer.from(randomSeed.slice(0, 4)) : randomBytes(4);
  return `${resourceName.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, "-")}-${random.toString("hex")}`;
}

const refused = (inputs: Raw, property: string, reason: string): Checked => ({ inputs, failures: [{ property, reason }] });
