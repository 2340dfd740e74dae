import { expect, it } from "vitest";
import { errorOf, failingInstallation, NAMED_WITHIN_MS } from "../helpers/failing-installation.ts";

it("names a wrong Ignition config", async () => {
  const { run, sign, endedAt } = await failingInstallation(/unsupported config version|config is not valid/i, (config) => {
    config.ignition.version = "3.99.0";
  });
  expect(run.code, run.output).toBe(5);
  expect(errorOf(run)).toBe("GUEST_IGNITION_INVALID");
  expect(endedAt - sign).toBeLessThan(NAMED_WITHIN_MS);
});

it("names a full disk", async () => {
  const { run, sign, endedAt } = await failingInstallation(/No space left on device/i, (config) => {
    const sizes = "64G 8G 1G 128M 16M 1M 64K 4K";
    const script = `for size in ${sizes}; do while fallocate --length $size /var/fill.$((n += 1)); do :; done; done`;
    const contents = `[Service]\nType=oneshot\nExecStart=/bin/bash -c '${script.replaceAll("$", "$$$$")}'\n[Install]\nWantedBy=multi-user.target\n`;
    config.systemd.units.push({ name: "fill-disk.service", enabled: true, contents });
  });
  expect(run.code, run.output).toBe(5);
  expect(errorOf(run)).toBe("GUEST_DISK_FULL");
  expect(endedAt - sign).toBeLessThan(NAMED_WITHIN_MS);
});

it("names an API VIP that nobody holds", async () => {
  const { run, sign, namedAt } = await failingInstallation(
    /no route to host|Host is unreachable/i,
    (config) => {
      for (const unit of config.systemd.units) if (unit.name === "api-vip.service") unit.enabled = false;
    },
    /the API VIP does not answer/,
  );
  expect(run.code, run.output).toBe(8);
  expect(namedAt - sign).toBeLessThan(NAMED_WITHIN_MS);
});
