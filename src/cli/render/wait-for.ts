import type { Reached } from "../../installer/index.ts";
import { shellQuote } from "../../util/index.ts";

/** What is reached, and what people do next. */
export function reachedText({ reached, kubeconfig, console, bootstrapMachine }: Reached): string {
  if (reached === "bootstrap-complete")
    return [
      "Bootstrapping is complete.",
      ...(bootstrapMachine === "yours" ? ["Remove the bootstrap machine from the load balancer, and then the machine itself."] : []),
    ].join("\n");
  return [
    "The installation is complete.",
    `  export KUBECONFIG=${shellQuote(kubeconfig)}`,
    "  kubectl get nodes",
    ...(console === undefined ? [] : [`Web console: ${console}, as kubeadmin; the password is in auth/kubeadmin-password.`]),
  ].join("\n");
}
