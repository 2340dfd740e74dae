import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceError,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { refuseOtherUsers } from "../../util/index.ts";
import { ResourceProviderService } from "./stubs.ts";

/** The engine's messages may hold whole resources; its own limit is the same. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

export interface Listening {
  /** On 127.0.0.1. */
  readonly port: number;
  close(): void;
}

/**
 * Serves one of Pulumi's protocols on a port of its own, to processes of this user alone. Methods that are missing are
 * answered UNIMPLEMENTED, which the engine takes.
 * @param service definition of the protocol, of @pulumi/pulumi's stubs
 * @throws InstallerError PEERS_UNKNOWN
 */
export async function serve(service: unknown, methods: UntypedServiceImplementation): Promise<Listening> {
  refuseOtherUsers();
  const server = new Server({ "grpc.max_receive_message_length": LARGEST_MESSAGE, "grpc.max_send_message_length": LARGEST_MESSAGE });
  server.addService(service as never, methods);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  return { port, close: () => server.forceShutdown() };
}

export const serveProvider = (methods: Record<string, UntypedHandleCall>): Promise<Listening> => serve(ResourceProviderService, methods);

/** A method with one answer. @param failed what the engine is answered for anything thrown */
export function unary<Request, Response>(
  handler: (request: Request) => Promise<Response> | Response,
  failed: (error: unknown) => Partial<ServiceError>,
): UntypedHandleCall {
  return ((call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(failed(error), null),
      );
  }) as UntypedHandleCall;
}
