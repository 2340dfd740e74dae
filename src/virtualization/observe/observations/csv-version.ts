/** `1.18.1` of `kubevirt-hyperconverged-operator.v1.18.1`; undefined for names without a version. */
export const csvVersion = (name: string): string | undefined => /\.v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(name)?.[1];

/** The part of a CSV's name before its version. */
export const csvPackage = (name: string): string => name.replace(/\.v\d.*$/, "");

/** Negative, 0 or positive, as versions sort. A pre-release comes before its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => {
    const [release = "", ...rest] = text.split("-");
    return { numbers: release.split(".").map(Number), pre: rest.join("-") };
  });
  for (let index = 0; index < 3; index++) {
    const difference = (left?.numbers[index] ?? 0) - (right?.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  const [preA, preB] = [left?.pre ?? "", right?.pre ?? ""];
  if (preA === preB) return 0;
  if (preA === "" || preB === "") return preA === "" ? 1 : -1;
  return preA < preB ? -1 : 1;
}

/** True if an upgrade would leave out a minor version in between. */
export function skipsMinor(from: string, to: string): boolean {
  const [[fromMajor = 0, fromMinor = 0], [toMajor = 0, toMinor = 0]] = [from, to].map((text) => text.split(".").map(Number)) as [number[], number[]];
  return toMajor !== fromMajor || toMinor > fromMinor + 1;
}
