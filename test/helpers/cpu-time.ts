/** Milliseconds of processor time that a call takes: what other processes do on the host does not count. */
export function cpuTime<T>(call: () => T): { readonly result: T; readonly milliseconds: number } {
  const start = process.cpuUsage();
  const result = call();
  const { user, system } = process.cpuUsage(start);
  return { result, milliseconds: (user + system) / 1000 };
}
