import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute and more, the longest first. Begun last, one of them would run alone while the other processor idles. */
export const LONGEST = [
  "nightly/vsphere-faults",
  "integration/virtualization/kubevirt",
  "integration/machines/controller-commands",
  "integration/vsphere/cluster",
  "contract/kubernetes-plugin/engine",
  "integration/package/installed",
  "integration/olm/day2",
  "integration/machines/controllers",
  "integration/machines/controller-service",
  "integration/platform/fake-platform",
  "integration/machines/control-plane-machine-set",
  "integration/vsphere/preflight",
  "integration/machines/vsphere",
  "integration/machines/kvm-actuator-faults",
  "integration/kvm/engine",
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
