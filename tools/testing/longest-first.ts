import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes. Begun last, one of them would run alone while the other processor idles. */
const LONGEST = ["contract/kubernetes-plugin/engine", "integration/vsphere/faults", "integration/vsphere/cluster"];

/** Vitest orders by the durations of the run before; on a fresh checkout there is none, and it goes by the size of the files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.some((name) => moduleId.includes(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
