import type { InstallConfig, Pool } from "./install-config.ts";

/** The pools that every cluster has, with their paths in the install-config. */
export const poolsOf = ({ controlPlane, compute }: InstallConfig): readonly { readonly path: string; readonly pool: Pool }[] => [
  { path: "controlPlane", pool: controlPlane },
  ...compute.map((pool, index) => ({ path: `compute[${index}]`, pool })),
];
