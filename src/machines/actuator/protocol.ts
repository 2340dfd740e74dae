import { z } from "zod";

/**
 * How the machine controller asks for a machine: `POST /v1/<operation>` by HTTP/1.1 over a unix socket, JSON both ways. Status 200 is an answer,
 * also one with an `error`. Any other status, or none, means that nothing is known: the caller tries again later, and never takes it for "gone".
 */
export const OPERATIONS = ["exists", "create", "update", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

export const pathOf = (operation: Operation): string => `/v1/${operation}`;

const address = z.object({
  type: z.string().describe("As of a Node: `InternalIP`, `Hostname`, `InternalDNS`."),
  address: z.string(),
});

/** Go leaves out what is empty, or writes null for it. */
const orNothing = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** A Machine as the API has it. What is not named here comes along and is not looked at. */
export const machineSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1).max(253),
    namespace: z.string().min(1).max(253),
    uid: z.string().min(1).max(128),
    labels: orNothing(z.record(z.string(), z.string())),
  }),
  spec: z.looseObject({
    providerID: orNothing(z.string()),
    providerSpec: orNothing(z.looseObject({ value: z.unknown().optional() })),
  }),
  status: orNothing(z.looseObject({ addresses: orNothing(z.array(address)), providerStatus: z.unknown().optional() })),
});

export const requestSchema = z.strictObject({
  machine: machineSchema.describe("The whole Machine."),
  userData: z
    .string()
    .optional()
    .describe("For `create` alone. Secret: the text under `userData` of the Secret that the Machine names in providerSpec.value.userDataSecret."),
});
export type ActuatorRequest = z.infer<typeof requestSchema>;

export const answerSchema = z.strictObject({
  exists: z.boolean().optional().describe("Of `exists`: whether the machine is there, complete. Absent: not known."),
  providerID: z.string().optional().describe("For spec.providerID."),
  addresses: z.array(address).readonly().optional().describe("For status.addresses; absent as long as none is known."),
  instanceState: z.string().optional().describe("For the annotation machine.openshift.io/instance-state."),
  instanceType: z.string().optional().describe("For the label machine.openshift.io/instance-type."),
  region: z.string().optional().describe("For the label machine.openshift.io/region."),
  zone: z.string().optional().describe("For the label machine.openshift.io/zone."),
  providerStatus: z.record(z.string(), z.unknown()).optional().describe("For status.providerStatus: all of it."),
  error: z
    .strictObject({
      kind: z
        .enum(["Invalid", "Failed", "Requeue"])
        .describe("`Invalid` fails the Machine for good, `Requeue` is tried again after requeueSeconds, `Failed` later each time."),
      reason: z.string().describe("One word, CamelCase: the reason of the Machine's event."),
      message: z.string(),
      requeueSeconds: z.number().positive().optional(),
    })
    .optional()
    .describe("Why it was not done."),
});
export type ActuatorAnswer = z.infer<typeof answerSchema>;
