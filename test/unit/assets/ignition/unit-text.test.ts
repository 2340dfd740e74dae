import { expect, it } from "vitest";
import { unitText } from "../../../../src/assets/ignition/index.ts";

it("writes sections in order, repeats lists and spells booleans", () => {
  const text = unitText({
    Unit: { Description: "Kubelet", After: ["a.service", "b.service"] },
    Service: { Restart: "always", RestartSec: 5, PrivateTmp: false },
    Install: { WantedBy: "multi-user.target" },
  });
  expect(text).toBe(
    "[Unit]\nDescription=Kubelet\nAfter=a.service\nAfter=b.service\n\n[Service]\nRestart=always\nRestartSec=5\nPrivateTmp=no\n\n[Install]\nWantedBy=multi-user.target\n",
  );
});

it("refuses a value that would begin a new setting", () => {
  expect(() => unitText({ Service: { ExecStart: "/bin/true\nUser=root" } })).toThrow("ExecStart");
});
