import { describe, expect, it } from "vitest";
import { findConsoleSign, isFinal } from "../../../src/cluster/resources/console-signs.ts";
import { cpuTime } from "../../helpers/cpu-time.ts";

const BOOT = [
  "\u001bc\u001b[?7l\u001b[2J\u001b[0mSeaBIOS (version 1.16.2)",
  "[    0.000000] Linux version 6.1.0-31-amd64",
  "[  OK  ] Reached target \u001b[0;1;39mlocal-fs.target\u001b[0m - Local File Systems.",
  "[    9.1] ignition[492]: Ignition 2.14.0",
];

const repeated = (line: string, times: number): readonly string[] =>
  Array.from({ length: times }, (_, index) => `[   ${10 + index}.0] ${line}${index + 1}`);

const get = "ignition[492]: GET https://api-int.c.example.com:22623/config/master: attempt #";

describe("findConsoleSign", () => {
  it.each([
    [
      "invalid config",
      ["[    9.5] ignition[492]: failed to fetch config: config is not valid", "Press Enter for emergency shell or wait 5 minutes for reboot."],
      "GUEST_IGNITION_INVALID",
      true,
    ],
    [
      "config of a later version",
      ["ignition[501]: error at $.ignition.version, line 1 col 30: unsupported config version"],
      "GUEST_IGNITION_INVALID",
      true,
    ],
    [
      "refused connection",
      repeated(
        `ignition[492]: GET error: Get "https://192.168.126.5:22623/config/master": dial tcp 192.168.126.5:22623: connect: connection refused`,
        6,
      ),
      "GUEST_IGNITION_FETCH",
      false,
    ],
    ["server error", repeated("ignition[492]: GET result: Internal Server Error", 6), "GUEST_IGNITION_FETCH", false],
    ["unknown token", ["[   11.2] localhost ignition[492]: GET result: Unauthorized"], "GUEST_IGNITION_REFUSED", true],
    [
      "used token",
      [
        "virt-ipi: ignition: GET result: Forbidden",
        "virt-ipi: ignition: failed to fetch config: failed to fetch resource",
        "Entering emergency mode.",
      ],
      "GUEST_IGNITION_REFUSED",
      true,
    ],
    ["full disk", ["[  40.2] containerd[611]: write /var/lib/containerd/x: no space left on device"], "GUEST_DISK_FULL", true],
    ["panic", ["[    4.2] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)"], "GUEST_PANIC", true],
    [
      "dracut's shell",
      ['Generating "/run/initramfs/rdsosreport.txt"', "Entering emergency mode. Exit the shell to continue."],
      "GUEST_EMERGENCY",
      true,
    ],
    ["systemd's shell", ['You are in emergency mode. After logging in, type "journalctl -xb"'], "GUEST_EMERGENCY", true],
    ["no way to the VIP", repeated("kubelet[700]: dial tcp 192.168.126.5:6443: connect: no route to host ", 3), "GUEST_API_VIP_UNREACHABLE", false],
  ])("names %s", (_name, lines, errorId, fatal) => {
    expect(findConsoleSign([...BOOT, ...lines].join("\r\n"))).toMatchObject({ errorId, fatal });
  });

  it("finds nothing on a healthy console, nor in the first tries of a fetch that then works", () => {
    const fetch = [
      ...repeated(get, 20),
      ...repeated('ignition[492]: GET error: Get "https://x": dial tcp: connection refused ', 3),
      "ignition[492]: GET result: OK",
      "[  OK  ] Reached target multi-user.target",
    ];
    expect(findConsoleSign([...BOOT, ...fetch].join("\r\n"))).toBeUndefined();
  });

  it("no longer holds against a machine what it got over", () => {
    const text = [...BOOT, ...repeated("ignition[492]: GET result: Service Unavailable ", 9), "ignition[492]: GET result: OK"].join("\n");
    expect(findConsoleSign(text)).toBeUndefined();
  });

  it("looks at the last boot alone", () => {
    expect(findConsoleSign([...BOOT, "Entering emergency mode.", ...BOOT, "[  OK  ] Reached target multi-user.target"].join("\n"))).toBeUndefined();
  });

  it("tells the cause and not the shell that came of it", () => {
    expect(findConsoleSign([...BOOT, "Entering emergency mode.", "ignition[1]: files: write: No space left on device"].join("\n"))).toMatchObject({
      errorId: "GUEST_DISK_FULL",
    });
  });

  it("gives the line without colours, and not longer than a terminal holds", () => {
    const sign = findConsoleSign(`\u001b[0;1;31mKernel panic - not syncing: \u001b[0m${"x".repeat(999)}`);
    expect(sign?.line).toMatch(/^Kernel panic - not syncing: x+$/);
    expect(sign?.line.length).toBe(300);
  });

  it("is quick on four megabytes", () => {
    const text = `${"[   10.0] systemd[1]: Starting something that is not wrong at all...\r\n".repeat(60_000)}`;
    const { result, milliseconds } = cpuTime(() => findConsoleSign(text));
    expect(result).toBeUndefined();
    expect(milliseconds).toBeLessThan(3_000);
  });
});

describe("isFinal", () => {
  it.each([
    ["Entering emergency mode.", false, false],
    ["Entering emergency mode.", true, true],
    ["Kernel panic - not syncing: VFS", false, true],
    ["ignition[501]: error at $.ignition.version, line 1 col 30: unsupported config version", false, true],
  ])("of %s, seen before: %s", (line, again, final) => {
    const sign = findConsoleSign([...BOOT, line].join("\n"));
    if (sign === undefined) throw new Error("no sign");
    expect(isFinal(sign, again)).toBe(final);
  });
});
