import { request } from "node:http";
import { answerSchema, pathOf, type ActuatorAnswer, type ActuatorRequest, type Operation } from "../../src/machines/index.ts";

/** One HTTP request over a unix socket, as the machine controller makes it. */
export async function post(
  socketPath: string,
  path: string,
  body: string,
  method = "POST",
): Promise<{ readonly status: number; readonly body: string }> {
  return await new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method, headers: { "Content-Length": Buffer.byteLength(body) } }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** An answer of the protocol, checked by its schema. @throws Error for any other status than 200 */
export async function ask(socketPath: string, operation: Operation, call: ActuatorRequest): Promise<ActuatorAnswer> {
  const { status, body } = await post(socketPath, pathOf(operation), JSON.stringify(call));
  if (status !== 200) throw new Error(`status ${status}: ${body}`);
  return answerSchema.parse(JSON.parse(body));
}
