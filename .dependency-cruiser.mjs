/**
 * Who may import whom: the picture in docs/architecture.md, rule by rule.
 *
 *   cli -> installer -> stack -> {virtualization, cluster, machines} -> providers -> {pulumi, kube, assets} -> config -> {errors, util}
 *   `events` and `exec` hang beside the chain, just above the leaves; `plugin` stands beside it and is a program of its own.
 *
 * tools/check.ts runs this and fails when no module was read at all.
 */

const LEAVES = ["errors", "util"];
const BASE = [...LEAVES, "events", "exec"];

/** What each folder may import besides itself: what is not listed is forbidden. */
const MAY_IMPORT = {
  errors: { of: [], because: "the error catalogue is a leaf" },
  util: { of: ["errors"], because: "clock, retry and files are leaves that know only how to fail" },
  events: { of: LEAVES, because: "events are plain data" },
  exec: { of: [...LEAVES, "events"], because: "a process runner knows nothing of clusters" },
  config: { of: LEAVES, because: "the pure core reads no world: no events, no processes" },
  assets: { of: [...LEAVES, "config"], because: "assets are rendered from ClusterSpec and identity alone" },
  kube: { of: BASE, because: "a client of the API knows nothing of a product" },
  pulumi: { of: BASE, because: "the kit for resource providers knows no platform and no cluster" },
  providers: { of: [...BASE, "config", "assets", "pulumi"], because: "a platform makes machines and knows no phase, no stack and no command" },
  cluster: {
    of: [...BASE, "config", "kube", "pulumi", "providers"],
    because: "a cluster is waited for in the same way whatever its machines run on",
  },
  virtualization: {
    of: [...BASE, "config", "assets", "kube", "pulumi"],
    because: "what is deployed into a cluster does not care how its machines are made",
  },
  machines: {
    of: [...BASE, "config", "assets", "kube", "pulumi", "providers"],
    because: "a cluster asks for machines in the same way whatever they run on",
  },
  plugin: {
    of: ["util", "pulumi", "providers", "cluster", "machines", "virtualization"],
    because: "the plugin only serves what the capabilities make",
  },
  stack: {
    of: [...BASE, "config", "assets", "kube", "pulumi", "providers", "cluster", "virtualization", "machines"],
    because: "the program also runs under plain `pulumi up`, without installer and cli",
  },
  installer: {
    of: [...BASE, "config", "assets", "kube", "providers", "cluster", "virtualization", "machines", "stack"],
    because: "phases speak through the Reporter, never to a terminal",
  },
  cli: {
    of: [...BASE, "config", "assets", "kube", "providers", "cluster", "virtualization", "machines", "stack", "installer"],
    because: "the cli is the top",
  },
};

/**
 * Doors within a folder: for what is loaded without the rest (what the plugin serves, and what loads a package that takes long), and from one
 * half of a platform, that which makes its machines, to the other, its part of the install-config.
 */
const INNER_DOORS = "^src/(pulumi/(kubernetes|server)/index|(cluster|machines|virtualization)/resources/index|config/platforms/[^/]+/index)\\.ts$";

const layers = Object.entries(MAY_IMPORT).map(([folder, { of, because }]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} may import only ${of.join(", ") || "nothing"}: ${because}.`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: `^src/(${[folder, ...of].join("|")})/` },
}));

/** A package with one home: everything else goes through the folders given. */
const home = (name, packages, folders, because) => ({
  name,
  comment: `${because} (${folders.join(", ")}).`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/(${folders.join("|")})/` },
  to: { path: packages },
});

export default {
  forbidden: [
    ...layers,
    {
      name: "doors",
      comment: "A folder is entered through its index.ts, which exports only what others use; what loads Pulumi's SDK, through its sdk.ts.",
      severity: "error",
      from: { path: "^src/([^/]+)/" },
      to: { path: "^src/[^/]+/", pathNot: ["^src/$1/", "^src/[^/]+/(index|sdk)\\.ts$", INNER_DOORS] },
    },
    {
      name: "platforms-apart",
      comment: "Platforms never import each other: a change to one cannot break another. What they share lies beside them.",
      severity: "error",
      from: { path: "^src/providers/([^/]+)/" },
      to: { path: "^src/providers/[^/]+/", pathNot: ["^src/providers/$1/", "^src/providers/preflight/"] },
    },
    {
      name: "platform-configs-apart",
      comment: "What a platform has in the install-config is known to itself and to the registry beside it.",
      severity: "error",
      from: { path: "^src/(config/platforms|providers)/([^/]+)/" },
      to: { path: "^src/config/platforms/[^/]+/", pathNot: "^src/config/platforms/$2/" },
    },
    {
      name: "one-registry-of-platform-configs",
      comment: "Nothing but the registry beside them and the platforms themselves names a platform's part of the install-config.",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/config/platforms/", "^src/providers/[^/]+/"] },
      to: { path: "^src/config/platforms/[^/]+/" },
    },
    {
      name: "one-registry-of-platforms",
      comment: "Nothing but the registry beside them names a platform.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/providers/" },
      to: { path: "^src/providers/[^/]+/" },
    },
    {
      name: "no-cycle",
      comment: "No cycle between files, also none of types only or of what is loaded later by import(): pass it as an argument.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-folder-cycle",
      comment: "No cycle between folders that lie side by side; a folder and its own sub-folders are one thing.",
      severity: "error",
      scope: "folder",
      from: { path: "^src/" },
      to: { circular: true, viaOnly: "^src/" },
    },
    home("execa-home", "(^|/)node_modules/execa/|^(node:)?child_process$", ["exec"], "Only one folder starts processes"),
    home(
      "pulumi-home",
      "(^|/)node_modules/@pulumi/",
      ["pulumi", "providers", "cluster", "virtualization", "machines", "stack"],
      "Pulumi stays below the installer",
    ),
    home("terminal-home", "(^|/)node_modules/(commander|@clack|picocolors)/", ["cli"], "Only the cli knows of a terminal"),
    home("kube-home", "(^|/)node_modules/@kubernetes/", ["kube", "cluster", "virtualization", "machines"], "One client, one way to reach the API"),
    home(
      "yaml-schema-home",
      "(^|/)node_modules/zod/",
      ["config", "assets", "pulumi", "providers", "cluster", "virtualization", "machines"],
      "Input is checked at the door, once",
    ),
    {
      name: "src-stands-alone",
      comment: "Sources use no plugin, test helper, tool or benchmark.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(plugins|test|tools|bench)/" },
    },
    {
      name: "shipped-without-tools",
      comment: "What a user runs beside the program, set-up and plugins, needs nothing of development.",
      severity: "error",
      from: { path: "^(plugins|setup)/" },
      to: { path: "^(test|tools|bench)/" },
    },
    {
      name: "plugins-apart",
      comment: "Plugins are programs of their own: each uses sources, and none of another's or of set-up's.",
      severity: "error",
      from: { path: "^plugins/([^/]+)/" },
      to: { path: "^(plugins|setup)/", pathNot: "^plugins/$1/" },
    },
    {
      name: "no-zx-in-src",
      comment: "zx's global $ suits scripts, not a library.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "(^|/)node_modules/zx/" },
    },
    {
      name: "set-up-home",
      comment: "Only the command that runs it knows the set-up; it comes to the user's host before everything else.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/(render/)?setup\\.ts$" },
      to: { path: "^setup/" },
    },
    {
      name: "declared",
      comment: "A package that package.json does not name can be gone tomorrow.",
      severity: "error",
      from: { path: "^(src|plugins|setup|tools|bench)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    { name: "resolvable", comment: "An import that leads nowhere.", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(test/.*/fixtures|clusters)/" },
    tsConfig: { fileName: "tsconfig.json" },
    // Type-only imports are edges too: a layer that needs another's types depends on it.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
    skipAnalysisNotInRules: false,
  },
};
