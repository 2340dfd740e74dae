/** The protocol's stubs as @pulumi/pulumi ships them: CommonJS, so each is imported as one and taken apart here once. */
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";

export const { Struct } = struct;
export type Struct = struct.Struct;
export const { Empty } = empty;
export const { Any } = any;
export const { EngineClient } = engineGrpc;
export const { LogRequest, LogSeverity } = engine;
export const { PluginInfo } = plugin;
export const { ResourceProviderService, ResourceProviderClient } = providerGrpc;
export const { Status } = status;
export { provider as messages };
