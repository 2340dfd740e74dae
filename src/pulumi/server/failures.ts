import { Metadata, status as codes, type ServiceError } from "@grpc/grpc-js";
import { isInstallerError } from "../../errors/index.ts";
import { describe, InitializationFailed } from "../resource/failures.ts";
import type { Properties } from "../resource/values.ts";
import { toStruct } from "./struct.ts";
import { Any, messages, Status } from "./stubs.ts";

/**
 * Any thrown value as an answer to the engine. After UNKNOWN and INTERNAL the engine warns of a corrupt state, so those are
 * for what we did not expect.
 */
export function toServiceError(error: unknown, inputs: Properties, secrets: readonly string[]): Partial<ServiceError> {
  if (error instanceof InitializationFailed) return { code: codes.UNKNOWN, details: error.message, metadata: partialFailure(error, inputs, secrets) };
  return { code: codeOf(error), details: describe(error) };
}

function codeOf(error: unknown): codes {
  if (!isInstallerError(error)) return codes.INTERNAL;
  if (error.id === "INTERRUPTED") return codes.CANCELLED;
  if (error.id === "RESOURCE_TIMEOUT") return codes.DEADLINE_EXCEEDED;
  return codes.FAILED_PRECONDITION;
}

function partialFailure(error: InitializationFailed, inputs: Properties, secrets: readonly string[]): Metadata {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(error.outputs, secrets));
  detail.setInputs(toStruct(inputs, secrets));
  detail.setReasonsList([...error.reasons]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(codes.UNKNOWN);
  status.setMessage(error.message);
  status.setDetailsList([packed]);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
