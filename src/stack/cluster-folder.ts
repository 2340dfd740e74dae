import { join, resolve } from "node:path";

/** Where everything of a cluster lies. All paths absolute. */
export interface ClusterFolder {
  readonly root: string;
  /** The user's; never written. */
  readonly installConfig: string;
  readonly metadata: string;
  readonly kubeconfig: string;
  readonly kubeadminPassword: string;
  /** `.virt-ipi`, ours alone. */
  readonly own: string;
  readonly identity: string;
  readonly keys: string;
  readonly savedAssets: string;
  readonly image: string;
  readonly journal: string;
  readonly log: string;
  readonly lock: string;
  readonly passphrase: string;
  /** PEM of additionalTrustBundle; absent without one. */
  readonly trustBundle: string;
  /** Pulumi's file backend. */
  readonly state: string;
  /** Pulumi.yaml and Pulumi.<stack>.yaml of the CLI. */
  readonly workspace: string;
  readonly pulumiHome: string;
  /** Which stack and backend hold the state. */
  readonly stack: string;
  /** What a failed update may have left partly created; absent where nothing is. */
  readonly failedCreates: string;
  /** Written by BootstrapComplete; while it is there, the bootstrap machine is not. */
  readonly bootstrapComplete: string;
}

export function clusterFolder(directory: string): ClusterFolder {
  const root = resolve(directory);
  const own = join(root, ".virt-ipi");
  return {
    root,
    installConfig: join(root, "install-config.yaml"),
    metadata: join(root, "metadata.json"),
    kubeconfig: join(root, "auth", "kubeconfig"),
    kubeadminPassword: join(root, "auth", "kubeadmin-password"),
    own,
    identity: join(own, "identity.json"),
    keys: join(own, "keys.json"),
    savedAssets: join(own, "assets.json"),
    image: join(own, "image.json"),
    journal: join(own, "journal.jsonl"),
    log: join(own, "log.jsonl"),
    lock: join(own, "lock"),
    passphrase: join(own, "passphrase"),
    trustBundle: join(own, "ca-bundle.pem"),
    state: join(own, "state"),
    workspace: join(own, "workspace"),
    pulumiHome: join(own, "pulumi"),
    stack: join(own, "stack.json"),
    failedCreates: join(own, "failed-creates.json"),
    bootstrapComplete: join(own, "bootstrap-complete.json"),
  };
}
