import type { Group } from "./components.ts";

/** How a component is. `absent`: it is not there and need not be. */
export type RowState = "ok" | "waiting" | "failed" | "missing" | "absent";

/** One line of the table. */
export interface Row {
  readonly group: Group;
  /** `virt-api` */
  readonly component: string;
  /** `Deployment` */
  readonly kind: string;
  /** "" where it lies in none. */
  readonly namespace: string;
  /** "" where it has none. */
  readonly version: string;
  /** `2/2`, or "" for what has no pods. */
  readonly ready: string;
  readonly state: RowState;
  /** `Available`, or what it is instead. */
  readonly condition: string;
  /** What is wrong, or why it is not there. */
  readonly why?: string;
  readonly fix?: string;
}

/** True for what must be fixed. */
export const isBad = ({ state }: Pick<Row, "state">): boolean => state === "waiting" || state === "failed" || state === "missing";

/** What a node's row says when its virtual machines have hardware help. */
export const ACCELERATED = "KVM";

/** True if some node runs virtual machines with hardware acceleration; elsewhere everything that a guest does takes several times longer. */
export const isAccelerated = (rows: readonly Row[]): boolean => rows.some(({ kind, condition }) => kind === "Node" && condition === ACCELERATED);
