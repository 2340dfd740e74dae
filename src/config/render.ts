import { Document, isMap, type Pair, type Scalar, visit } from "yaml";
import type { Distribution } from "./cluster-spec.ts";
import type { PlatformName } from "./platforms/keys.ts";
import type { PlatformAnswers, Questions } from "./platforms/questions.ts";
import { PLATFORMS } from "./platforms/supported.ts";

/** What `create install-config` asks. */
export interface InstallConfigAnswers {
  readonly name: string;
  readonly baseDomain: string;
  /** Left out of the file when absent, so that its default stands. */
  readonly distribution?: Distribution;
  readonly controlPlaneReplicas: number;
  readonly computeReplicas: number;
  /** One of those with questions; absent: the first. */
  readonly platform?: PlatformName;
  /** By the names of the platform's questions. */
  readonly platformAnswers?: PlatformAnswers;
  /** CIDR */
  readonly machineNetwork?: string;
  readonly apiVIP?: string;
  readonly ingressVIP?: string;
  readonly size?: { readonly cpus: number; readonly memoryMB: number; readonly diskSizeGB: number };
  /** One public key a line. */
  readonly sshKey?: string;
  /** Secret. JSON text. */
  readonly pullSecret?: string;
}

/** The platforms that `create install-config` offers, with what it asks for each. The first is the default. */
export const askedPlatforms: readonly { readonly name: PlatformName; readonly questions: Questions }[] = PLATFORMS.flatMap(({ name, questions }) =>
  questions === undefined ? [] : [{ name, questions }],
);

/** An install-config.yaml with a short comment on each part. Holds the pull secret: write it 0600. */
export function renderInstallConfig(answers: InstallConfigAnswers): string {
  const { machineNetwork, platformAnswers = {} } = answers;
  const asked = askedPlatforms.find(({ name }) => name === answers.platform) ?? askedPlatforms[0];
  if (asked === undefined) throw new Error("no platform has questions");
  const { name, questions } = asked;
  const document = new Document(
    {
      apiVersion: "v1",
      baseDomain: answers.baseDomain,
      metadata: { name: answers.name },
      ...(answers.distribution === undefined ? {} : { distribution: answers.distribution }),
      controlPlane: { name: "master", replicas: answers.controlPlaneReplicas },
      compute: [{ name: "worker", replicas: answers.computeReplicas }],
      ...(machineNetwork === undefined ? {} : { networking: { machineNetwork: [{ cidr: machineNetwork }] } }),
      platform: { [name]: { ...questions.keys(platformAnswers), ...commonKeys(answers) } },
      ...(answers.sshKey === undefined ? {} : { sshKey: answers.sshKey }),
      ...(answers.pullSecret === undefined ? {} : { pullSecret: answers.pullSecret }),
    },
    { version: "1.1" },
  );
  document.commentBefore = " The install-config of a cluster. `virt-ipi explain` describes every key; `virt-ipi validate` checks the file.";
  addComments(document, { ...COMMENTS, ...questions.comments });
  return document.toString({ lineWidth: 0 });
}

function commonKeys({ apiVIP, ingressVIP, size }: InstallConfigAnswers): object {
  return {
    ...(apiVIP === undefined ? {} : { apiVIPs: [apiVIP] }),
    ...(ingressVIP === undefined ? {} : { ingressVIPs: [ingressVIP] }),
    ...(size === undefined ? {} : { defaultMachinePlatform: { cpus: size.cpus, memoryMB: size.memoryMB, osDisk: { diskSizeGB: size.diskSizeGB } } }),
  };
}

const COMMENTS: Readonly<Record<string, string>> = {
  baseDomain: " The cluster's domain is <name>.<baseDomain>.",
  distribution: " What runs on the machines: kubernetes, openshift or okd.",
  controlPlane: " Etcd and the Kubernetes API: 1, 3, 4 or 5 machines.",
  compute: " The machines that run workloads.",
  networking: " The network of the machines; the VIPs are in it.",
  apiVIPs: " The address of api.<cluster domain>.",
  ingressVIPs: " The address of *.apps.<cluster domain>.",
  defaultMachinePlatform: " The size of each machine.",
  sshKey: " Who may log in to the machines as core.",
  pullSecret: " Secret: credentials of the image registries.",
};

function addComments(document: Document, comments: Readonly<Record<string, string>>): void {
  visit(document, {
    Pair(_, pair: Pair) {
      const key = pair.key as Scalar<string>;
      const comment = comments[key.value];
      if (comment !== undefined) key.commentBefore = comment;
    },
  });
  const root = document.contents;
  if (isMap(root)) for (const pair of root.items.slice(1)) (pair.key as Scalar).spaceBefore = true;
}
