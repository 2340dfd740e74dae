import type { JsonGeneralName } from "@peculiar/x509";
import type { ClusterSpec } from "../../config/index.ts";
import { apiServiceAddresses } from "../addresses.ts";
import type { San } from "./table.ts";

/** The names of one entry of a table, for this cluster. */
export function resolveSan(san: San, spec: Pick<ClusterSpec, "clusterDomain" | "vips" | "networking">): readonly JsonGeneralName[] {
  if (typeof san === "object") return "dns" in san ? [dns(san.dns)] : [ip(san.ip)];
  switch (san) {
    case "api":
    case "api-int":
      return [dns(`${san}.${spec.clusterDomain}`)];
    case "api-vips":
      return spec.vips.api.map(ip);
    case "api-vips-as-dns":
      return spec.vips.api.map(dns);
    case "service-ip":
      return apiServiceAddresses(spec.networking.serviceNetwork).map(ip);
  }
}

const dns = (value: string): JsonGeneralName => ({ type: "dns", value });
const ip = (value: string): JsonGeneralName => ({ type: "ip", value });
