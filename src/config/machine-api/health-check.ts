import type { Pool } from "../install-config.ts";

/** When a machine is replaced. */
export interface HealthCheck {
  /** As in the Machine API: `20m`. */
  readonly nodeStartupTimeout: string;
  readonly unhealthyTimeout: string;
  /** `2` or `40%` */
  readonly maxUnhealthy: string;
}

/** With the defaults; undefined where the pool asks for none. */
export function healthCheckOf({ healthCheck }: Pool): HealthCheck | undefined {
  if (healthCheck === undefined) return undefined;
  const { nodeStartupTimeout = "20m", unhealthyTimeout = "5m", maxUnhealthy = "40%" } = healthCheck;
  return { nodeStartupTimeout, unhealthyTimeout, maxUnhealthy };
}
