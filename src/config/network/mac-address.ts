/** What is wrong with a MAC address for a machine's network interface; undefined if nothing. */
export function macProblem(mac: string): string | undefined {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(mac)) return "must be six hexadecimal pairs separated by colons, such as 52:54:00:12:34:56";
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return "is a group address: its first pair must be even";
  return mac === "00:00:00:00:00:00" ? "must not be all zero" : undefined;
}
