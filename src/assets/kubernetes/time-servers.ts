import type { ClusterSpec } from "../../config/index.ts";
import { type IgnitionBuilder, unitText } from "../ignition/index.ts";

/** The machine sets its clock by the user's servers. Without any, its clock is its host's: the image starts no service for it. */
export function timeServers({ ntpServers }: ClusterSpec, builder: IgnitionBuilder): IgnitionBuilder {
  if (ntpServers === undefined) return builder;
  // The fallback of the distribution is somewhere in the internet.
  const contents = unitText({ Time: { NTP: ntpServers.join(" "), FallbackNTP: "" } });
  return builder
    .file({ path: "/etc/systemd/timesyncd.conf.d/10-virt-ipi.conf", contents, mode: 0o644 })
    .unit({ name: "systemd-timesyncd.service", enabled: true });
}
