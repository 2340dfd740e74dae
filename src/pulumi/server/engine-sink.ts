import { credentials } from "@grpc/grpc-js";
import type { LogSink } from "../resource/progress.ts";
import { EngineClient, LogRequest, LogSeverity } from "./stubs.ts";

/** A sink that speaks to the engine at the address given. A message that does not arrive is no reason to fail. */
export function engineSink(address: string): LogSink {
  const client = new EngineClient(address, credentials.createInsecure());
  return (urn, severity, message, ephemeral) => {
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    client.log(request, () => undefined);
  };
}
