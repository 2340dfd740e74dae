import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer, KubeControlPlane } from "../kube-control-plane.ts";
import type { KubeObject } from "./objects.ts";

/** The API of a control plane in the shapes that the rig and its tests need. Every method fails with the server's own words. */
export interface KubeApi {
  /** Undefined when there is no such object, nor such a kind. */
  get<T extends KubeObject = KubeObject>(path: string): Promise<T | undefined>;
  /** Empty when the kind does not exist. */
  list<T extends KubeObject = KubeObject>(path: string): Promise<readonly T[]>;
  /** The object as the server stored it; one that exists already stays as it is. */
  create<T extends KubeObject = KubeObject>(path: string, object: object): Promise<T>;
  /** A merge patch; undefined when there is no such object. */
  patch(path: string, patch: object): Promise<KubeObject | undefined>;
  /** False when there was no such object. */
  remove(path: string): Promise<boolean>;
}

export function createKubeApi({ request }: Pick<KubeControlPlane, "request">): KubeApi {
  const ask = async (method: string, path: string, body?: object, accept: readonly number[] = []): Promise<ApiAnswer> => {
    const answer = await request(method, path, body);
    if (answer.status >= 300 && !accept.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${messageIn(answer.body)}`);
    return answer;
  };
  const get = async <T extends KubeObject>(path: string): Promise<T | undefined> => {
    const { status, body } = await ask("GET", path, undefined, [404]);
    return status === 404 ? undefined : (JSON.parse(body) as T);
  };
  return {
    get,
    list: async <T extends KubeObject>(path: string) => {
      const { status, body } = await ask("GET", path, undefined, [404]);
      return status === 404 ? [] : (JSON.parse(body) as { readonly items: readonly T[] }).items;
    },
    create: async <T extends KubeObject>(path: string, object: object) => {
      const { status, body } = await ask("POST", path, object, [409]);
      if (status !== 409) return JSON.parse(body) as T;
      const { name } = (object as KubeObject).metadata;
      const found = await get<T>(`${path}/${name}`);
      if (found === undefined) throw new Error(`POST ${path}: ${messageIn(body)}`);
      return found;
    },
    patch: async (path, patch) => {
      const { status, body } = await ask("PATCH", path, patch, [404]);
      return status === 404 ? undefined : (JSON.parse(body) as KubeObject);
    },
    remove: async (path) => (await ask("DELETE", path, undefined, [404])).status !== 404,
  };
}

/**
 * Asks until there is an answer.
 * @param what a word for the error, such as "the CSV"
 * @throws Error that names what was last seen, after `timeoutMs`
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined>,
  { timeoutMs = 300_000, seen }: { readonly timeoutMs?: number; readonly seen?: () => Promise<unknown> } = {},
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await check();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s; seen: ${JSON.stringify(await seen?.(), undefined, 1)}`);
    await delay(200);
  }
}

function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { readonly message?: string }).message ?? body;
  } catch {
    return body;
  }
}
