import { createHash } from "node:crypto";
import { createServer } from "node:https";
import { text } from "node:stream/consumers";

/**
 * @plays a registry that mirrors an image
 * @contract pulls by OCI's distribution-spec, with a password
 * @because no registry is reached where tests run
 * @real no test here
 */

/**
 * A mirror of one image, as a program of its own, since it has to stand in the network namespace of the machines. Takes its settings from
 * standard input, prints a line for each request that it answers with content, and ends by a signal. OCI distribution-spec v1.1: pull.
 */
export interface MirrorSettings {
  /** PEM */
  readonly cert: string;
  readonly key: string;
  readonly port: number;
  /** What stands before the image's path: `mirror`. */
  readonly prefix: string;
  /** `user:password` in base64, that each request has to bring. */
  readonly auth: string;
}

const digestOf = (blob: Buffer): string => `sha256:${createHash("sha256").update(blob).digest("hex")}`;
// No program is in it: that it was pulled is all that it is for.
const CONFIG = Buffer.from(
  JSON.stringify({ architecture: "amd64", os: "linux", config: { Cmd: ["/none"] }, rootfs: { type: "layers", diff_ids: [] } }),
);
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, digest: digestOf(CONFIG), size: CONFIG.length },
    layers: [],
  }),
);

/** The image's path in the registry that is mirrored, and its digest. */
export const MIRRORED = { path: "probe/app", digest: digestOf(MANIFEST) } as const;

function serve({ cert, key, port, prefix, auth }: MirrorSettings): void {
  const contents: ReadonlyMap<string, readonly [type: string, blob: Buffer]> = new Map([
    [`/v2/${prefix}/${MIRRORED.path}/manifests/${MIRRORED.digest}`, [MANIFEST_TYPE, MANIFEST]],
    [`/v2/${prefix}/${MIRRORED.path}/blobs/${digestOf(CONFIG)}`, [CONFIG_TYPE, CONFIG]],
  ]);
  createServer({ cert, key }, (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "https://mirror");
    const [type, blob] = contents.get(pathname) ?? [];
    if (request.headers.authorization !== `Basic ${auth}`) response.writeHead(401, { "www-authenticate": 'Basic realm="mirror"' }).end();
    else if (type === undefined || blob === undefined) response.writeHead(404).end();
    else {
      console.log(`${request.method} ${pathname} for ${request.socket.remoteAddress}`);
      response.writeHead(200, { "content-type": type, "content-length": blob.length, "docker-content-digest": digestOf(blob) });
      response.end(request.method === "HEAD" ? undefined : blob);
    }
  }).listen(port);
}

if (process.argv[1] === import.meta.filename) serve(JSON.parse(await text(process.stdin)) as MirrorSettings);
