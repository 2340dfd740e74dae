/** The processor's name in Go's words, which most publishers use in their file names. */
export function goArch(arch: string = process.arch): string {
  return arch === "x64" ? "amd64" : arch;
}
