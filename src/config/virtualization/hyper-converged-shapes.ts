import { z } from "zod";
import { choice, field, flag, integer, list, object, open, text, texts } from "../fields/field.ts";

/** Shapes that several fields of HyperConverged have. Sources, by description: HCO, api/v1beta1 and api/v1; Kubernetes, meta/v1 and core/v1. */

/** A LabelSelector. */
export const selector = (description: string) =>
  object(
    {
      matchLabels: field(z.record(z.string(), z.string()), "Labels with their values."),
      matchExpressions: list(
        {
          key: text("Name of a label."),
          operator: choice(["In", "NotIn", "Exists", "DoesNotExist"], "What must hold of it."),
          values: texts("Values, for In and NotIn."),
        },
        "Conditions on labels, all of which must hold.",
      ),
    },
    description,
  );

/** Where pods run. */
export const nodePlacement = object(
  {
    nodeSelector: field(z.record(z.string(), z.string()), "Labels of the nodes."),
    affinity: open("Affinity of the pods, as Kubernetes has it."),
    tolerations: list(
      {
        key: text("Of the taint."),
        operator: choice(["Exists", "Equal"], "What must hold of it."),
        value: text("Of the taint, for Equal."),
        effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], "Of the taint."),
        tolerationSeconds: integer("For NoExecute: how long."),
      },
      "Taints that the pods bear.",
    ),
  },
  "Which nodes.",
);

/** @param duration and @param renewBefore as HCO sets them */
export const certificates = (of: string, duration: string, renewBefore: string) =>
  object(
    { duration: text("Age.", { default: duration }), renewBefore: text("How long before its end it is replaced.", { default: renewBefore }) },
    `Certificates of ${of}.`,
  );

/** What all kinds of host devices have beside their selector. */
export const hostDevice = {
  resourceName: text("Name of the resource that machines ask for."),
  externalResourceProvider: flag("Whether a device plugin of your own offers it.", { default: false }),
  disabled: flag("Takes away an entry that HCO has by itself.", { default: false }),
};

export const mediatedDeviceTypes = { mediatedDeviceTypes: texts("Names of the types.") };
