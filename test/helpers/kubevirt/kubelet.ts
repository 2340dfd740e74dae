import type { Condition, KubeObject } from "../olm/objects.ts";

/**
 * @plays kubelet and containers of KubeVirt's programs
 * @contract the pods' commands, environment, Secrets and ServiceAccounts, as processes; restarts, back-off and termination messages as kubelet
 * writes them
 * @because on one machine without nodes, in minutes
 * @real test/nightly/kubevirt-vm.test.ts
 */

/** What a kubelet writes of containers of which processes stand in their place. */

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
  }[];
  readonly terminationMessagePolicy?: string;
}

export interface Pod extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly creationTimestamp: string };
  readonly spec: { readonly serviceAccountName: string; readonly containers: readonly Container[]; readonly nodeName?: string };
  readonly status: { readonly phase: string; readonly conditions?: readonly Condition[] };
}

export interface Exit {
  readonly exitCode: number;
  /** All that the program wrote. */
  readonly log: string;
}

const base = ({ name, image }: Container): object => ({ name, image, imageID: "", ready: false, restartCount: 0 });

/** Status of a Job's pod whose program has ended. */
export const ended = ({ spec }: Pod, exit: Exit): object => ({
  phase: exit.exitCode === 0 ? "Succeeded" : "Failed",
  containerStatuses: spec.containers.map((container) => ({ ...base(container), state: { terminated: terminated(container, exit) } })),
});

/** Status of a pod whose program ends again and again. @param restarts how often it was started again */
export const crashing = ({ metadata, spec, status }: Pod, exit: Exit, restarts: number, seconds: number): object => ({
  conditions: conditionsOf(status, "False"),
  containerStatuses: spec.containers.map((container) => ({
    ...base(container),
    restartCount: restarts,
    state: {
      waiting: {
        reason: "CrashLoopBackOff",
        message: `back-off ${seconds}s restarting failed container=${container.name} pod=${metadata.name}_${metadata.namespace ?? ""}(${metadata.uid ?? ""})`,
      },
    },
    lastState: { terminated: terminated(container, exit) },
  })),
});

/** Status of a pod whose program runs again. */
export const recovered = ({ spec, status }: Pod, restarts: number): object => ({
  conditions: conditionsOf(status, "True"),
  containerStatuses: spec.containers.map((container) => ({
    ...base(container),
    ready: true,
    started: true,
    restartCount: restarts,
    state: { running: {} },
    lastState: {},
  })),
});

const conditionsOf = ({ conditions = [] }: Pod["status"], ready: "True" | "False"): readonly Condition[] =>
  conditions.map((condition) => (["Ready", "ContainersReady"].includes(condition.type) ? { ...condition, status: ready } : condition));

/** The end of the log where the container wants it. Source: kubelet, MaxContainerTerminationMessageLogLength */
const terminated = ({ terminationMessagePolicy }: Container, { exitCode, log }: Exit): object => ({
  exitCode,
  reason: exitCode === 0 ? "Completed" : "Error",
  ...(terminationMessagePolicy === "FallbackToLogsOnError" && exitCode !== 0 ? { message: log.slice(-2048) } : {}),
});
