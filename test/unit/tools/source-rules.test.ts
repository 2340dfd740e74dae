import { describe, expect, it } from "vitest";
import { checkSources } from "../../../tools/source-rules.ts";

const lines = (count: number): string => "x\n".repeat(count);

describe("checkSources", () => {
  it("warns above 300 lines and fails above 500", () => {
    expect(checkSources([{ path: "src/a.ts", text: lines(300) }])).toEqual({ warnings: [], failures: [] });
    expect(checkSources([{ path: "src/a.ts", text: lines(301) }]).warnings).toHaveLength(1);
    expect(checkSources([{ path: "src/a.ts", text: lines(500) }]).failures).toHaveLength(0);
    expect(checkSources([{ path: "src/a.ts", text: lines(501) }]).failures).toEqual([expect.stringContaining("src/a.ts: 501 lines")]);
  });

  it("finds a platform's name under src/installer, with its line", () => {
    const { failures } = checkSources([{ path: "src/installer/phases/create.ts", text: "const a = 1;\nif (platform === 'kvm') return;\n" }]);
    expect(failures).toEqual([expect.stringContaining('src/installer/phases/create.ts:2: "kvm"')]);
  });

  it("lets other folders name platforms, and words that only contain one", () => {
    expect(checkSources([{ path: "src/providers/index.ts", text: "kvm" }]).failures).toEqual([]);
    expect(checkSources([{ path: "src/installer/a.ts", text: "kvmExtra" }]).failures).toEqual([]);
  });

  it.each([
    'server.bindAsync("127.0.0.1:0", credentials, done);',
    "const server = createServer((socket) => socket.end());",
    'server.listen(0, "127.0.0.1");',
    "const server = new Server();",
    'const automation = await import("@pulumi/pulumi/automation/index.js");',
    'import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";',
  ])("finds a server that would serve every user of the host: %s", (line) => {
    for (const path of ["src/stack/other.ts", "tools/other-plugin/server.ts"])
      expect(checkSources([{ path, text: `${line}\n` }]).failures).toEqual([expect.stringContaining(`${path}:1: `)]);
  });

  it("lets the two guarded places serve, tests listen, and types be named", () => {
    const files = [
      { path: "src/pulumi/server/grpc.ts", text: "const server = new Server();\nserver.bindAsync(address, credentials, done);\n" },
      { path: "src/stack/stack-access.ts", text: 'const automation = await import("@pulumi/pulumi/automation/index.js");\n' },
      { path: "test/helpers/api.ts", text: "createServer().listen(0);\n" },
      { path: "src/stack/driver.ts", text: 'import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";\n' },
    ];
    expect(checkSources(files).failures).toEqual([]);
  });

  it("finds a second way to quote for a shell", () => {
    const text = "const quoted = text.replaceAll(\"'\", String.raw`'\\''`);\n";
    expect(checkSources([{ path: "src/providers/x.ts", text }]).failures).toEqual([expect.stringContaining("src/util/shell-quote.ts")]);
  });

  it("finds a table outside of src/cli/render", () => {
    const text = "lines.push(name.padEnd(24));\n";
    expect(checkSources([{ path: "src/installer/status.ts", text }]).failures).toEqual([expect.stringContaining("src/cli/render/")]);
    expect(checkSources([{ path: "src/cli/render/status.ts", text }]).failures).toEqual([]);
  });

  it("fails when there was nothing to read", () => {
    expect(checkSources([]).failures).toEqual(["no source file was read"]);
  });
});
