/** The protocol's stubs as @pulumi/pulumi ships them: CommonJS, so each is imported as one and taken apart here once. */
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

export const { Empty } = empty;
export { language as messages };
export const { PackageDependency, PluginInfo } = plugin;
export const { LanguageRuntimeService, LanguageRuntimeClient } = languageGrpc;
