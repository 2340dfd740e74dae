import { choice, integer, object, text } from "../fields/field.ts";

/** Who creates compute machines. */
export const machineManagement = choice(
  ["Static", "MachineSets"],
  "Who creates compute machines: the installer, or the cluster itself by its MachineSets.",
  {
    default: "Static",
    rules:
      "MachineSets: only with distribution kubernetes, and on platforms whose machines the machine controller can create. `virt-ipi machine-controller` must run for as long as the cluster shall create and remove machines.",
  },
);

/** How control-plane machines are replaced, in the words of OpenShift's ControlPlaneMachineSet. */
export const controlPlaneMachineSet = object(
  {
    state: choice(["Active", "Inactive"], "Whether control-plane machines that are not as the set says are replaced at all.", {
      default: "Active",
      rules: "What is Active cannot become Inactive again.",
    }),
    strategy: object(
      {
        type: choice(["RollingUpdate", "OnDelete"], "Which of them are replaced: all, one after the other, or each when its Machine is deleted.", {
          default: "RollingUpdate",
        }),
      },
      "How they are replaced.",
    ),
  },
  "The ControlPlaneMachineSet of the cluster.",
  { rules: "Only with 3 or 5 control-plane machines and capability MachineAPI." },
);

/** How long the node of a machine is drained before it goes all the same. */
export const drainTimeout = text("How long the node of a machine is drained before the machine is removed all the same. Without it for ever.", {
  rules: "A duration of at least 1m, such as 30m. Only with machineManagement: MachineSets.",
});

/** When a machine of a pool is replaced. */
export const healthCheck = object(
  {
    nodeStartupTimeout: text("How long a machine may take to become a node.", { default: "20m", rules: "A duration, such as 20m." }),
    unhealthyTimeout: text("How long its node may be not Ready, or not heard of.", { default: "5m", rules: "A duration, such as 5m." }),
    maxUnhealthy: text("As long as more machines of the pool than this are unhealthy, none is replaced.", {
      default: "40%",
      rules: "A number or a percentage.",
    }),
  },
  "Replaces machines of the pool whose node is lost.",
  { rules: "Only with machineManagement: MachineSets." },
);

/** Between which numbers the machines of a pool are kept. */
export const autoscaling = object(
  {
    minReplicas: integer("The fewest machines of the pool.", { required: true, rules: "Not negative, and not more than replicas." }),
    maxReplicas: integer("The most machines of the pool.", { required: true, rules: "At least 1, and not less than replicas." }),
  },
  "Adds machines to the pool when pods find no room, and removes machines that are not needed.",
  { rules: "Only with machineManagement: MachineSets. `replicas` is how many there are at first." },
);
