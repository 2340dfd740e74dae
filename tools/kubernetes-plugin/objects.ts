import { InstallerError, isInstallerError, type ErrorId } from "../../src/errors/index.ts";
import { InitializationFailed } from "../../src/pulumi/resource/failures.ts";
import { hasUnknown } from "../../src/pulumi/resource/values.ts";
import { applyObject, deleteObject, getObject, relinquish, type Along } from "./apply.ts";
import { holdsBack, NotReady, skipsGone, timeoutOf, untilGone, untilReady } from "./await.ts";
import { checkpointOf, foreseen, inputsLike, readCheckpoint } from "./checkpoint.ts";
import type { Cluster } from "./cluster.ts";
import { driftedInputs, importedInputs } from "./drift.ts";
import { withIgnored } from "./ignore.ts";
import type { Kind } from "./kinds.ts";
import { annotationOf, fieldManagerOf, fromId, idOf, manifestOf, titleOf, tokenOf, type Manifest } from "./manifest.ts";
import { opened, type Raw } from "./properties.ts";
import { isDryRunUnsupported, isForbidden, isNamespaceMissing, isNotFound, refusal } from "./refusal.ts";
import type { Session } from "./session.ts";

/** Properties are as on the wire: secrets wrapped, unknowns as the strings for them. */
interface Request {
  readonly urn: string;
  readonly preview: boolean;
  /** The user's customTimeouts; 0 is none. */
  readonly timeoutSeconds: number;
}

export interface CreateRequest extends Request {
  readonly inputs: Raw;
}

export interface UpdateRequest extends CreateRequest {
  readonly id: string;
  readonly state: Raw;
  readonly ignore: readonly string[];
}

export interface DeleteRequest extends Omit<Request, "preview"> {
  readonly id: string;
  readonly state: Raw;
}

export interface ReadRequest {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Raw;
  readonly state: Raw;
}

export interface Made {
  readonly id: string;
  readonly state: Raw;
}

/** What no dry run can tell. A create may be half of a replacement: there the old object's fixed fields are in the way too. */
const MUTE: readonly ErrorId[] = ["KUBE_UNREACHABLE", "KUBE_WEBHOOK_FAILED"];
/** How long an object waits for its kind or its namespace, which may be in the making beside it. */
const PARENT_MS = 30_000;
/** Managers that the official provider has used before server-side apply. */
const OWN_OLD_MANAGERS = /^"(pulumi-kubernetes(\.exe)?|pulumi-resource-kubernetes|before-first-apply)"/;

/** @throws InstallerError, InitializationFailed when it was made but is not ready */
export async function createObject(session: Session, request: CreateRequest): Promise<Made> {
  const token = tokenOf(request.urn, request.inputs["kind"]);
  const inputs = manifestOf(opened(request.inputs), token);
  const along = session.along(request.urn, request.preview);
  const fieldManager = annotationOf(inputs, "patchFieldManager") ?? fieldManagerOf(request.urn);
  // Of a Patch a preview cannot tell more than the program does.
  if (request.preview && (token.patch || hasUnknown(inputs))) return { id: "", state: request.inputs };
  const cluster = await session.cluster();
  const force = request.preview || isForced(session, inputs);
  const apply = async (kind: Kind): Promise<Manifest> => {
    if (!token.patch && !session.settings.upsertExistingObjects && !request.preview) await refuseExisting(cluster, kind, inputs, fieldManager, along);
    const live = await applyObject(cluster, kind, inputs, { fieldManager, force, dryRun: request.preview }, along);
    if (live.metadata.deletionTimestamp !== undefined) throw new Leaving(live);
    return live;
  };
  if (request.preview)
    return { id: "", state: await previewed(cluster, inputs, request.inputs, { fieldManager, mute: [...MUTE, "KUBE_IMMUTABLE"], along, apply }) };
  const { kind, live } = await settled(cluster, inputs, along, apply);
  return await finished(cluster, kind, live, inputs, request, { fieldManager, updated: false, along });
}

export async function updateObject(session: Session, request: UpdateRequest): Promise<Made> {
  const token = tokenOf(request.urn, request.inputs["kind"]);
  const inputs = manifestOf(opened(request.inputs), token);
  const along = session.along(request.urn, request.preview);
  const old = readCheckpoint(request.state, token);
  const before = old.fieldManager ?? fieldManagerOf(request.urn);
  const fieldManager = annotationOf(inputs, "patchFieldManager") ?? before;
  if (request.preview && hasUnknown(inputs)) return { id: request.id, state: request.inputs };
  const cluster = await session.cluster();
  const apply = async (kind: Kind): Promise<Manifest> => {
    const current = request.ignore.length === 0 ? undefined : await getObject(cluster, kind, inputs, along);
    const wanted = current === undefined ? inputs : withIgnored(inputs, request.ignore, current, fieldManager);
    const options = { fieldManager, force: isForced(session, inputs), dryRun: request.preview };
    try {
      return await applyObject(cluster, kind, wanted, options, along);
    } catch (error) {
      if (!isOwnConflict(refusal(error, inputs))) throw error;
      return await applyObject(cluster, kind, wanted, { ...options, force: true }, along);
    }
  };
  if (request.preview) return { id: request.id, state: await previewed(cluster, inputs, request.inputs, { fieldManager, mute: MUTE, along, apply }) };
  const { kind, live } = await settled(cluster, inputs, along, apply);
  if (before !== fieldManager) await relinquish(cluster, kind, inputs, before, along);
  return await finished(cluster, kind, live, inputs, request, { fieldManager, updated: true, along });
}

/** Undefined when it is gone. */
export async function readObject(session: Session, request: ReadRequest): Promise<(Made & { readonly inputs: Raw }) | undefined> {
  const token = tokenOf(request.urn, request.inputs["kind"] ?? request.state["kind"]);
  const old = readCheckpoint(request.state, token);
  const known = Object.keys(request.inputs).length > 0;
  const wanted = known ? manifestOf(opened(request.inputs), token) : manifestOf({}, token);
  const place = { ...wanted, metadata: { ...wanted.metadata, ...placeOf(request.id) } };
  const along = session.along(request.urn, false);
  const fieldManager = old.fieldManager ?? annotationOf(wanted, "patchFieldManager") ?? fieldManagerOf(request.urn);
  const { settings } = session;
  try {
    const cluster = await session.cluster();
    const kind = await cluster.kinds.find(place, along);
    const live = kind === undefined ? undefined : await getObject(cluster, kind, place, along);
    if (live === undefined) return undefined;
    const inputs = known ? driftedInputs(wanted, old.live, live) : importedInputs(live);
    return { id: request.id, inputs: inputsLike(inputs, request.inputs), state: checkpointOf(request.inputs, live, inputs, fieldManager) };
  } catch (error) {
    if (!isInstallerError(error) || error.id !== "KUBE_UNREACHABLE") throw refusal(error, place);
    if (settings.deleteUnreachable) {
      session.warn(request.urn, `${titleOf(place)} is taken out of the state, as its cluster does not answer`);
      return undefined;
    }
    if (!settings.skipUpdateUnreachable) throw error;
    session.warn(request.urn, `${titleOf(place)} is left as it was, as its cluster does not answer`);
    return { id: request.id, inputs: request.inputs, state: request.state };
  }
}

/** @throws InstallerError KUBE_DELETION_STUCK: it stays in the state, and another run goes on */
export async function removeObject(session: Session, request: DeleteRequest): Promise<void> {
  const token = tokenOf(request.urn, request.state["kind"]);
  const { inputs, live, fieldManager } = readCheckpoint(request.state, token);
  const place: Manifest = { ...live, metadata: { ...live.metadata, ...placeOf(request.id) } };
  const along = session.along(request.urn, false);
  try {
    const cluster = await session.cluster();
    const kind = await cluster.kinds.find(place, along);
    // Without the kind there is no object of it: its CRD was deleted before.
    if (kind === undefined) return;
    if (token.patch) return await relinquish(cluster, kind, place, fieldManager ?? fieldManagerOf(request.urn), along);
    const annotated: Manifest = { ...place, metadata: { ...place.metadata, annotations: { ...inputs.metadata.annotations } } };
    if (!(await deleteObject(cluster, kind, annotated, request.id, along)) || skipsGone(annotated)) return;
    await untilGone(cluster, kind, place, timeoutOf(inputs, request.timeoutSeconds), along);
  } catch (error) {
    if (!isInstallerError(error) || error.id !== "KUBE_UNREACHABLE" || !session.settings.deleteUnreachable) throw refusal(error, place);
    session.warn(request.urn, `${titleOf(place)} is taken out of the state, as its cluster does not answer`);
  }
}

/** Runs an apply again while the object's kind or namespace is missing, or one of the same name is still going. */
async function settled(
  cluster: Cluster,
  inputs: Manifest,
  along: Along,
  apply: (kind: Kind) => Promise<Manifest>,
): Promise<{ readonly kind: Kind; readonly live: Manifest }> {
  const end = cluster.clock.now().getTime() + PARENT_MS;
  for (let pause = 200; ; pause = Math.min(pause * 2, 3_000)) {
    try {
      const kind = await cluster.kind(inputs, along);
      return { kind, live: await apply(kind) };
    } catch (error) {
      const told = error instanceof Leaving ? error.toInstallerError() : refusal(error, inputs);
      const passing = error instanceof Leaving || isNotFound(error) || (isInstallerError(error) && error.id === "KUBE_KIND_UNKNOWN");
      if (!passing || cluster.clock.now().getTime() >= end) throw told;
      along.onWait?.(told instanceof Error ? told.message : String(told));
      await cluster.clock.sleep(pause, along.signal);
    }
  }
}

async function previewed(
  cluster: Cluster,
  inputs: Manifest,
  raw: Raw,
  {
    fieldManager,
    mute,
    along,
    apply,
  }: {
    readonly fieldManager: string;
    readonly mute: readonly ErrorId[];
    readonly along: Along;
    readonly apply: (kind: Kind) => Promise<Manifest>;
  },
): Promise<Raw> {
  try {
    const kind = await cluster.kinds.find(inputs, along);
    if (kind === undefined) return raw;
    return checkpointOf(raw, foreseen(await apply(kind)), inputs, fieldManager);
  } catch (error) {
    along.signal.throwIfAborted();
    if (error instanceof Leaving || isForbidden(error) || isNamespaceMissing(error) || isDryRunUnsupported(error)) return raw;
    const told = refusal(error, inputs);
    if (isInstallerError(told) && mute.includes(told.id)) return raw;
    throw told;
  }
}

async function finished(
  cluster: Cluster,
  kind: Kind,
  applied: Manifest,
  inputs: Manifest,
  request: CreateRequest,
  { fieldManager, updated, along }: { readonly fieldManager: string; readonly updated: boolean; readonly along: Along },
): Promise<Made> {
  const state = (live: Manifest): Raw => checkpointOf(request.inputs, live, inputs, fieldManager);
  try {
    const live = await untilReady(cluster, kind, inputs, applied, { timeoutMs: timeoutOf(inputs, request.timeoutSeconds), updated }, along);
    return { id: idOf(live), state: state(live) };
  } catch (error) {
    // It exists: the engine has to know it, whatever ended the wait.
    if (error instanceof NotReady) throw new InitializationFailed(idOf(error.live), state(error.live), refusal(error.cause, inputs));
    throw new InitializationFailed(idOf(applied), state(applied), refusal(error, inputs));
  }
}

/** An object of this name that is not ours. Ours is one that a killed run has made: its field manager tells. */
async function refuseExisting(cluster: Cluster, kind: Kind, inputs: Manifest, fieldManager: string, along: Along): Promise<void> {
  const existing = await getObject(cluster, kind, inputs, along);
  if (existing === undefined) return;
  if (existing.metadata.deletionTimestamp !== undefined) throw new Leaving(existing);
  if ((existing.metadata.managedFields ?? []).some(({ manager }) => manager === fieldManager)) return;
  throw new InstallerError("KUBE_EXISTS", `${titleOf(inputs)} exists already`, { value: titleOf(inputs) });
}

/** An object of the same name is being deleted. */
class Leaving extends Error {
  readonly title: string;
  constructor(live: Manifest) {
    super(`the old ${titleOf(live)} is still being deleted: ${holdsBack(live)}`);
    this.title = titleOf(live);
  }
  toInstallerError(): InstallerError {
    return new InstallerError("KUBE_DELETION_STUCK", this.message, { value: this.title });
  }
}

const isForced = (session: Session, inputs: Manifest): boolean => session.settings.enablePatchForce || annotationOf(inputs, "patchForce") === "true";

const isOwnConflict = (error: unknown): boolean =>
  isInstallerError(error) &&
  error.id === "KUBE_CONFLICT" &&
  error.details.every((line) => OWN_OLD_MANAGERS.test(line.slice(line.indexOf(" is set by ") + " is set by ".length)));

function placeOf(id: string): { name?: string; namespace?: string } {
  const { namespace, name } = fromId(id);
  return { ...(name === "" ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
}
