import { z } from "zod";
import type { PoolPlatformKeys } from "../platforms/keys.ts";
import { choice, field, integer, list, object, text } from "../fields/field.ts";
import { autoscaling, controlPlaneMachineSet, drainTimeout, healthCheck } from "../machine-api/schema.ts";

export const ARCHITECTURES = ["amd64", "arm64", "ppc64le", "s390x"] as const;

const diskID = text("Name of a data disk of the pool.", { required: true, rules: "user-defined: at most 12 characters." });

const poolShape = (platform: z.ZodType<PoolPlatformKeys>, name: string, replicas: string) => ({
  name: text("Name of the pool.", { default: name, rules: `Must be ${name}.` }),
  replicas: integer("How many machines.", { defaultText: replicas === "" ? "3" : "0", rules: replicas === "" ? "Not negative." : replicas }),
  platform: field(platform, "What a machine of this pool is like, by platform.", { rules: "Only the cluster's own platform." }),
  hyperthreading: choice(["Enabled", "Disabled"], "Simultaneous multithreading.", { default: "Enabled" }),
  architecture: choice(ARCHITECTURES, "CPU architecture.", {
    default: "amd64",
    rules: "The same in all pools; on baremetal, compute machines may be arm64 beside a control plane of amd64.",
  }),
  management: choice(["MachineAPI", "ClusterAPI"], "Which API of the cluster manages the machines of the pool.", {
    rules: "ClusterAPI is for AWS, so not here.",
    lenientWords: true,
  }),
  diskSetup: list(
    {
      type: choice(["etcd", "swap", "user-defined"], "What the disk is for.", { required: true }),
      etcd: object({ platformDiskID: diskID }, "Only with type etcd.", { rules: "Control plane only; one a machine." }),
      swap: object({ platformDiskID: diskID }, "Only with type swap.", { rules: "One a machine." }),
      userDefined: object(
        { platformDiskID: diskID, mountPath: text("Where it is mounted.", { required: true, rules: "An absolute path." }) },
        "Only with type user-defined.",
      ),
    },
    "What data disks of the machines are for.",
    { rules: "Needs feature gate MultiDiskSetup; platforms with data disks." },
  ),
  fencing: object(
    {
      credentials: list(
        {
          hostName: text("Host that the entry is for.", { rules: "hostName or macAddress." }),
          macAddress: text("MAC address that the host boots with.", { rules: "hostName or macAddress." }),
          username: text("User of the management controller.", { personal: true }),
          password: text("Password of the management controller.", { secret: true }),
          address: text("Redfish address of the management controller."),
          certificateVerification: choice(["Enabled", "Disabled"], "Whether its certificate is checked."),
        },
        "One entry a control-plane machine.",
      ),
    },
    "How a dead control-plane machine is switched off; for two-node clusters.",
    { rules: "Control plane only; baremetal, external and none; exactly two entries." },
  ),
});

/** The keys of the three kinds of pools. @param platform what stands under a pool's `platform:` */
export const machinePools = (platform: z.ZodType<PoolPlatformKeys>) => ({
  controlPlane: object(
    {
      ...poolShape(platform, "master", "1, 3, 4 or 5. 2 only with fencing or an arbiter: two etcd members have no majority without both."),
      machineSet: controlPlaneMachineSet,
    },
    "The machines that run etcd and the Kubernetes API.",
  ),
  arbiter: object(poolShape(platform, "arbiter", "At least 1."), "Small machines that only vote in etcd.", {
    rules: "Platforms baremetal, none and external.",
  }),
  compute: field(
    z.array(z.strictObject({ ...poolShape(platform, "worker", ""), healthCheck, drainTimeout, autoscaling })),
    "The machines that run workloads.",
    {
      defaultText: "one pool `worker`",
      rules: "Each name once.",
    },
  ),
});
