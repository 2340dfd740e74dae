import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute and more, the longest first. Begun last, one of them would run alone while the other processor idles. */
export const LONGEST = [
  "integration/vsphere/cluster",
  "contract/kubernetes-plugin/engine",
  "nightly/vsphere-faults",
  "integration/olm/day2",
  "integration/kvm/engine",
  "integration/cli/read-only",
  "integration/virtualization/manifests",
  "integration/vsphere/faults",
  "integration/vsphere/preflight",
];

/** Vitest orders by the durations of the run before; on a fresh checkout there is none, and it goes by the size of the files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.includes(name));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
