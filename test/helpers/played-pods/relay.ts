import { connect, type NetConnectOpts, type Socket } from "node:net";

/** Joins a connection with another one that is made for it: what one side says goes to the other, and they end together. */
export function relay(socket: Socket, to: NetConnectOpts): void {
  const behind = connect(to);
  for (const [from, into] of [
    [socket, behind],
    [behind, socket],
  ] as const)
    from
      .on("error", () => into.destroy())
      .on("close", () => into.destroy())
      .pipe(into);
}
