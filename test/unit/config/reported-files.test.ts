import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatIssue, parseInstallConfig } from "../../../src/config/index.ts";
import { ROOT } from "../../helpers/markdown.ts";
import { FORBIDDEN, INVALID, UNSUPPORTED, type Expected, warningsOf } from "./verdicts/support.ts";

/**
 * Files that users reported. Each says in its first lines what went wrong; a row says what `validate` answers to it, and which
 * test holds what no validation can see.
 */
interface Row {
  /** None: the file is valid. */
  readonly errors?: readonly Expected[];
  readonly warnings?: readonly Expected[];
  /** Must be in no message. */
  readonly secret?: string;
  /** Where the rest is tested, from the root of the repository. */
  readonly rest?: string;
}

const FOLDER = "test/fixtures/install-configs";
const V = "platform.vsphere";

const ROWS: Readonly<Record<string, Row>> = {
  "01-kubernetes-ignored-keys": {
    errors: [
      ["controlPlane.architecture", UNSUPPORTED, '"amd64"'],
      ["compute[0].architecture", UNSUPPORTED, '"amd64"'],
    ],
  },
  "02-proxy-percent": { errors: [["proxy.httpProxy", INVALID, "a bare % must be written %25"]], secret: "p%ss" },
  "03a-leak-proxy-without-scheme": {
    errors: [
      ["proxy.httpProxy", INVALID, "has no scheme"],
      ["proxy.httpsProxy", INVALID, "two slashes and a host must follow the scheme"],
    ],
    secret: "S3cret",
  },
  "03b-leak-proxy-with-blank": { errors: [["proxy.httpProxy", INVALID, "must be percent-encoded"]], secret: "S3cret" },
  "03c-leak-yaml-block-header": { errors: [["", INVALID, "in single quotes"]], secret: "S3cret" },
  "04-image-url-with-credentials": { rest: "test/unit/stack/downloads.test.ts" },
  "05-vcenter-lower-case": {
    warnings: [
      [`${V}.network`, FORBIDDEN, "is missing, so machines cannot be created"],
      [`${V}.vCenter`, FORBIDDEN, "is deprecated"],
      [`${V}.vcenter`, FORBIDDEN, "write vCenter"],
      [`${V}.username`, FORBIDDEN, "is deprecated"],
      [`${V}.password`, FORBIDDEN, "is deprecated"],
      [`${V}.datacenter`, FORBIDDEN, "is deprecated"],
      [`${V}.defaultDatastore`, FORBIDDEN, "is deprecated"],
      [`${V}.defaultDatastore`, FORBIDDEN, "taken for the path /dc1/datastore/nfs1"],
    ],
  },
  "05c-emulation-on": { warnings: [["virtualization.storage", FORBIDDEN, "default StorageClass"]] },
  "06-kind": {},
  "08-control-characters": {
    errors: [
      [`${V}.vcenters[0].user`, INVALID, "holds a control character; write it in single quotes"],
      [`${V}.vcenters[0].password`, INVALID, "holds a control character; write it in single quotes"],
    ],
    secret: "S3cret",
  },
  "09-yaml-tag-swallowed": { errors: [[`${V}.vcenters[0].password`, INVALID, "begins with !"]], secret: "S3cret" },
  "10a-vip-is-gateway": { errors: [[`${V}.apiVIPs`, INVALID, "is the gateway of a host"]] },
  "11a-dual-stack-vip-order": {
    errors: [
      [`${V}.apiVIPs`, INVALID, "the first VIP must be of the family of the first machine network"],
      [`${V}.ingressVIPs`, INVALID, "the first VIP must be of the family of the first machine network"],
    ],
  },
  // The gate is no matter any more. Since hosts are checked, that there are none is one, as OpenShift says too.
  "12a-arbiter": { errors: [["platform.baremetal.hosts", INVALID, "hosts are missing"]] },
  "19-port-group-in-network-folder": { rest: "test/integration/vsphere/inventory.test.ts" },
  "20-pull-secret-unquoted": { errors: [["pullSecret", INVALID, "must be text, not a mapping; put it in single quotes"]], secret: "dTpw" },
  "24-standalone-host-as-cluster": { rest: "test/integration/vsphere/inventory.test.ts" },
  "25-datastore-cluster": { rest: "test/integration/vsphere/inventory.test.ts" },
  "26-bridge-missing": { rest: "test/integration/kvm/platform.test.ts" },
};

const read = (name: string): string => readFileSync(join(ROOT, FOLDER, `${name}.yaml`), "utf8");

describe("files that were reported", () => {
  it("have a row each", () => {
    const names = readdirSync(join(ROOT, FOLDER)).map((file) => file.replace(/\.yaml$/, ""));
    expect(names.toSorted()).toEqual(Object.keys(ROWS).toSorted());
  });

  it.each(Object.entries(ROWS))("%s", (name, { errors = [], warnings = [], secret, rest }) => {
    const source = read(name);
    const parsed = { ...parseInstallConfig(source), warnings: warningsOf(source) };
    const told = (issues: typeof parsed.errors): string[] => issues.map(({ path, kind }) => `${path}: ${kind}`);
    expect(told(parsed.errors)).toEqual(errors.map(([path, kind]) => `${path}: ${kind}`));
    expect(told(parsed.warnings)).toEqual(warnings.map(([path, kind]) => `${path}: ${kind}`));
    for (const [index, [, , fragment]] of errors.entries()) expect(parsed.errors[index]?.message).toContain(fragment);
    for (const [index, [, , fragment]] of warnings.entries()) expect(parsed.warnings[index]?.message).toContain(fragment);
    expect(parsed.spec === undefined).toBe(errors.length > 0);
    if (secret !== undefined) expect([...parsed.errors, ...parsed.warnings].map(formatIssue).join("\n")).not.toContain(secret);
    if (rest !== undefined) expect(readFileSync(join(ROOT, rest), "utf8")).toContain(name);
  });
});
