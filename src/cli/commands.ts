import type { CommandEntry } from "./command.ts";
import type { CommandOption } from "./command-tree.ts";

const SKIP: CommandOption = { flags: "--skip <id>", description: "leave out a preflight check", repeatable: true };
const REGENERATE: CommandOption = { flags: "--regenerate", description: "make the assets again, though the install-config has changed" };

/** Understood before and after the command. */
export const GLOBALS: readonly CommandOption[] = [
  { flags: "--dir <folder>", description: "cluster folder (default: the current one)" },
  { flags: "--output <format>", description: "text or json", choices: ["text", "json"] },
  { flags: "--log-level <level>", description: "least level of the lines shown", choices: ["debug", "info", "warning", "error"] },
  { flags: "--timeout <phase=time>", description: "limit, as in bootstrap=60m; of infrastructure, bootstrap, install, operators", repeatable: true },
];

/** Every command of virt-ipi. A new one is an entry here and a file of the same path. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    path: "create install-config",
    description: "ask for what is needed and write install-config.yaml",
    options: [
      { flags: "--name <name>", description: "name of the cluster" },
      { flags: "--base-domain <domain>", description: "domain that the cluster's name is put before" },
      { flags: "--control-plane <count>", description: "control-plane machines: 1, 3 or 5" },
      { flags: "--compute <count>", description: "compute machines" },
      { flags: "--machine-network <cidr>", description: "network of the machines" },
      { flags: "--api-vip <address>", description: "address of the Kubernetes API" },
      { flags: "--ingress-vip <address>", description: "address of the routes" },
      { flags: "--ssh-key-file <path>", description: "public key for user core" },
    ],
    moreOptions: async () => (await import("./create/platform-answers.ts")).platformOptions(),
    load: () => import("./create/install-config.ts"),
  },
  {
    path: "create manifests",
    description: "write manifests, to be looked at or edited",
    options: [REGENERATE],
    load: () => import("./create/manifests.ts"),
  },
  {
    path: "create ignition-configs",
    description: "write Ignition configs, kubeconfig and metadata.json",
    options: [REGENERATE],
    load: () => import("./create/ignition-configs.ts"),
  },
  {
    path: "create infra",
    description: "create the machines, and wait for nothing",
    options: [SKIP, REGENERATE],
    load: () => import("./create/infra.ts"),
  },
  {
    path: "create cluster",
    description: "create a cluster from install-config.yaml",
    options: [SKIP, REGENERATE],
    load: () => import("./create/cluster.ts"),
  },
  { path: "resume", description: "go on with an installation that failed or was interrupted", options: [SKIP], load: () => import("./resume.ts") },
  {
    path: "wait-for bootstrap-complete",
    description: "wait until the control plane stands on its own",
    readOnly: true,
    load: () => import("./wait-for/bootstrap-complete.ts"),
  },
  {
    path: "wait-for install-complete",
    description: "wait until the cluster is whole",
    readOnly: true,
    load: () => import("./wait-for/install-complete.ts"),
  },
  { path: "preview", description: "tell what `create cluster` would do", options: [REGENERATE], load: () => import("./preview.ts") },
  { path: "status", description: "tell how phases, machines and nodes stand", readOnly: true, load: () => import("./status.ts") },
  {
    path: "verify",
    description: "tell how every component of virtualization is, and what is wrong with it",
    options: [
      { flags: "--vm", description: "also make a virtual machine, and remove it" },
      { flags: "--image <image>", description: "containerDisk of that machine (default: Fedora's)" },
    ],
    readOnly: true,
    load: () => import("./verify.ts"),
  },
  { path: "gather", description: "collect what explains a failure into one tar.gz", readOnly: true, load: () => import("./gather.ts") },
  { path: "destroy bootstrap", description: "remove the bootstrap machine", load: () => import("./destroy/bootstrap.ts") },
  {
    path: "destroy cluster",
    description: "take the cluster down and prove that nothing is left",
    options: [{ flags: "--dry-run", description: "only list what would be removed" }],
    load: () => import("./destroy/cluster.ts"),
  },
  {
    path: "orphans",
    description: "list what clusters that nobody knows any more have left",
    arguments: "[folder...]",
    readOnly: true,
    load: () => import("./orphans.ts"),
  },
  {
    path: "role",
    description: "print the minimum role for this cluster's account on the platform, as commands that create it",
    readOnly: true,
    load: () => import("./role.ts"),
  },
  { path: "doctor", description: "check whether the host is ready", options: [SKIP], readOnly: true, load: () => import("./doctor.ts") },
  {
    path: "validate",
    description: "check install-configs, any number of them",
    arguments: "[file...]",
    readOnly: true,
    load: () => import("./validate.ts"),
  },
  {
    path: "explain",
    description: "tell type, default and rules of a field of the install-config",
    arguments: "[path]",
    readOnly: true,
    load: () => import("./explain.ts"),
  },
  {
    path: "setup",
    description: "find, download or build what virt-ipi needs on this host",
    options: [
      { flags: "--list", description: "only list the parts: version, source, size, path" },
      { flags: "--only <part>", description: "this part and what it needs", repeatable: true },
      { flags: "--offline", description: "no official downloads: what is missing is built" },
    ],
    moreOptions: async () => (await import("./setup.ts")).setupOptions(),
    load: () => import("./setup.ts"),
  },
  { path: "init", description: "write a Pulumi.yaml into the cluster folder, for plain pulumi", load: () => import("./init.ts") },
  { path: "env", description: 'print the environment for plain pulumi: eval "$(virt-ipi env)"', load: () => import("./env.ts") },
  { path: "completion", description: "print a completion script", arguments: "<shell>", readOnly: true, load: () => import("./completion.ts") },
  { path: "version", description: "print versions", readOnly: true, load: () => import("./version.ts") },
];
