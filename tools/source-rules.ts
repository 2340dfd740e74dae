import { glob, readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

/** House rules about source files that no linter has: how long a file may be, and which words a folder may not know. */

const WARN_LINES = 300;
const FAIL_LINES = 500;

/** What names a platform, in any form of writing. */
const PLATFORM_WORDS = /kvm|vsphere|libvirt|vcenter/i;
/** Where platforms are named: their own folders, the registries, their errors, and names of OpenShift's that have nothing to do with ours. */
const PLATFORM_HOMES: readonly RegExp[] = [
  /^src\/(?:providers|config\/platforms)\/(?:kvm|vsphere)\//,
  /^src\/(?:providers|config\/platforms)\/supported\.ts$/,
  /^src\/errors\/catalogue(?:\/kvm|\/vsphere)?\.ts$/,
  /^src\/config\/platforms\/(?:foreign\.ts$|baremetal\/)/,
];
/** The kernel's device and modules, and names of others: they contain such a word, and name no platform. */
const NO_PLATFORM =
  /\/dev\/kvm\b|devices\\?\.kubevirt\\?\.io\\?\/kvm|\bkvm_(?:intel|amd)\b|\bVIRT_NO_KVM\b|"(?:no )?KVM"|csi\.vsphere\.vmware\.com|"dpkg libvirt rpm systemd"|\bVSphere(?:MultiNetworks|MultiDisk|HostVMGroupZonal)\b/g;

/** What only these files and folders may have, with the reason. */
const HOMES = [
  {
    folder: /^(src|plugins|setup|tools)\//,
    words: /\b(?:bindAsync|createServer|createSecureServer|createConnectionInjector|injectConnection)\(|\.listen\(|\bnew Server\(/,
    homes: ["src/pulumi/server/grpc.ts", "src/machines/actuator/"],
    because: "a server on loopback must refuse other users: use its serve(); one on a unix socket lies in a folder of mode 0700",
  },
  {
    folder: /^src\//,
    words: /\bsystemEnvironment\(/,
    homes: ["src/cli/run.ts", "src/stack/main.ts", "src/plugin/main.ts"],
    because: "the environment is read by the entries of programs, and handed down",
  },
  {
    folder: /^src\//,
    words: /'\\''/,
    homes: ["src/util/shell-quote.ts"],
    because: "one place knows how a shell is quoted",
  },
  {
    folder: /^src\//,
    words: /["'`](?:4\.(?:1[6-9]|2\d)|5\.\d)["'`]/,
    homes: ["src/config/openshift/contract.ts", "src/config/virtualization/compatibility.ts"],
    because: "what differs between OpenShift's versions is asked of the contract, by capability",
  },
  {
    folder: /^src\//,
    words: /\.padEnd\(/,
    homes: ["src/cli/render/"],
    because: "results and events carry data; what a person sees is made there",
  },
  {
    folder: /^(src|plugins|setup|tools)\//,
    words: /^(?!import type\b|export type\b).*["']@pulumi\/pulumi\/automation(?:\/index\.js)?["']/,
    homes: ["src/stack/stack-access.ts"],
    because: "the Automation API serves on loopback: only where other users are refused first",
  },
] as const;

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Findings {
  readonly warnings: readonly string[];
  readonly failures: readonly string[];
}

/** Checks the files given; paths are relative to the repository and decide which rules apply. */
export function checkSources(files: readonly SourceFile[]): Findings {
  const warnings: string[] = [];
  const failures: string[] = [];
  if (files.length === 0) failures.push("no source file was read");
  for (const { path, text } of files) {
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    if (lines > FAIL_LINES) failures.push(`${path}: ${lines} lines; at most ${FAIL_LINES}, better under ${WARN_LINES}: split it by topic`);
    else if (lines > WARN_LINES) warnings.push(`${path}: ${lines} lines; over ${WARN_LINES} a file begins to hold two topics`);
    for (const { folder, words, homes, because } of HOMES) {
      if (!folder.test(path) || homes.some((home) => path.startsWith(home))) continue;
      text.split("\n").forEach((line, index) => {
        const found = words.exec(line);
        if (found !== null) failures.push(`${path}:${index + 1}: "${found[0]}" belongs into ${homes.join(", ")} only: ${because}`);
      });
    }
    if (!path.startsWith("src/") || PLATFORM_HOMES.some((home) => home.test(path))) continue;
    text.split("\n").forEach((line, index) => {
      const found = PLATFORM_WORDS.exec(line.replaceAll(NO_PLATFORM, ""));
      if (found !== null)
        failures.push(
          `${path}:${index + 1}: "${found[0]}" names a platform outside its folders: ask PlatformConfig or Platform, which may need a new hook`,
        );
    });
  }
  return { warnings, failures };
}

async function main(): Promise<void> {
  const files: SourceFile[] = [];
  for await (const path of glob("{src,plugins,setup,tools,bench,test}/**/*.ts")) files.push({ path, text: await readFile(path, "utf8") });
  const { warnings, failures } = checkSources(files);
  for (const warning of warnings) console.warn(`warning: ${warning}`);
  for (const failure of failures) console.error(`error: ${failure}`);
  console.log(`${files.length} files read, ${failures.length} errors, ${warnings.length} warnings`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
