import { z } from "zod";
import { answerSchema, OPERATIONS, pathOf, requestSchema } from "../../src/machines/index.ts";
import { API_VERSION, KIND, providerSpec } from "../../src/providers/kvm/actuator/provider-spec.ts";
import { REASONS } from "../../src/providers/kvm/actuator/reasons.ts";
import { code, page, table } from "./page.ts";

/** docs/reference/kvm-machine-provider-spec.md: providerSpec.value of a Machine on KVM, why one is refused, and how a controller asks. */
export function kvmMachineProviderSpecPage(): string {
  return page(
    "# KVMMachineProviderSpec",
    `What stands under ${code("spec.providerSpec.value")} of a Machine (${code("machine.openshift.io/v1beta1")}) on KVM, ${code(API_VERSION)} ${code(KIND)}. An unknown field or an impossible value fails the Machine, with all that is wrong in one message.`,
    "A Machine may use what the installer made for its cluster: its host, storage pool, image and network. More must be allowed to the machine controller, since who may write Machines of a cluster is no administrator of the host.",
    fieldTable(providerSpec),
    "## Reasons",
    "The reason of the Machine's event, and of the condition `InstanceReconciled` in `status.providerStatus.conditions`. `Invalid` fails the Machine for good; all others are tried again.",
    table(
      ["reason", "is taken as", "when"],
      Object.entries(REASONS).map(([reason, { kind, when }]) => [code(reason), kind, when]),
    ),
    "## How a controller asks",
    `${OPERATIONS.map((operation) => code(`POST ${pathOf(operation)}`)).join(", ")} by HTTP/1.1 over a unix socket of mode 0600 in a folder of mode 0700, JSON both ways. Status 200 is an answer, also one with an \`error\`; any other status, or none, means that nothing is known, never that a machine is gone.`,
    "### Request",
    fieldTable(requestSchema, "input"),
    "### Answer",
    fieldTable(answerSchema),
  );
}

interface Shape {
  readonly description?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** Fields with the fields below them, in the order of the schema; those of whole objects of the API are not listed. */
function fieldTable(schema: z.ZodType, io: "input" | "output" = "output"): string {
  const root = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Shape;
  return table(["field", "type", "", "what it is"], rows(root, ""));
}

function rows({ properties = {}, required = [] }: Shape, path: string): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const own = [code(path + key), typeOf(field), required.includes(key) ? "required" : "", field.description ?? ""];
    const isKnown = field.description?.startsWith("The whole Machine") !== true;
    const below = field.type === "array" ? rows(field.items ?? {}, `${path}${key}[].`) : rows(field, `${path}${key}.`);
    return [own, ...(isKnown ? below : [])];
  });
}

function typeOf(field: Shape): string {
  if (field.const !== undefined) return code(field.const);
  if (field.enum !== undefined) return field.enum.map(code).join(", ");
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(" or ");
  return field.type === "array" ? `list of ${typeOf(field.items ?? {})}` : (field.type ?? "any");
}
