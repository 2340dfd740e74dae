import { connectionUriProblem } from "../../config/platforms/kvm/index.ts";
import { isUnknownAt, type ConfigFailure, type Properties, type ResourceContext } from "../../pulumi/index.ts";
import { Libvirt } from "./libvirt.ts";
import type { Environment } from "../../util/index.ts";

const DEFAULT_URI = "qemu:///system";

/** The libvirt host of an instance of our provider: its `uri`. */
export function libvirtOf(context: ResourceContext): Libvirt {
  const { uri } = context.config;
  return new Libvirt(typeof uri === "string" && uri !== "" ? uri : DEFAULT_URI, context);
}

/** What is wrong with `uri`; nothing for one that is right, absent or not known yet. */
export function checkConfig(config: Properties, env: Environment): readonly ConfigFailure[] {
  const { uri } = config;
  if (uri === undefined || uri === "" || isUnknownAt(config, ["uri"])) return [];
  const reason = typeof uri === "string" ? connectionUriProblem(uri, env)?.message : `must be a libvirt connection URI such as ${DEFAULT_URI}`;
  return reason === undefined ? [] : [{ id: "LIBVIRT_URI_REFUSED", property: "uri", reason }];
}
