import { describe, expect, it } from "vitest";
import { credentialsIn, percentDecoded, redactCredentials, redactValue } from "../../../src/util/index.ts";
import { cpuTime } from "../../helpers/cpu-time.ts";

/** A value as someone may write it, what is shown of it as a value, and inside a text. The password is always S3cretPw or made of it. */
const VALUES: readonly (readonly [value: string, shown: string])[] = [
  ["http://user:S3cretPw@proxy:3128", "http://<redacted>@proxy:3128"],
  ["http://S3cretPw@proxy", "http://<redacted>@proxy"],
  ["https://user:S3cretPw@a@proxy/x", "https://<redacted>@proxy/x"],
  ["http://user:S3cretPw%@proxy", "http://<redacted>@proxy"],
  ["http://user:p/S3cretPw@proxy", "http://<redacted>@proxy"],
  ["http://user:p#S3cretPw@proxy", "http://<redacted>@proxy"],
  ["qemu+ssh://user:S3cretPw@host/system", "qemu+ssh://<redacted>@host/system"],
  ["http://user:S3cretPw@", "http://<redacted>@"],
  ["http://[fd00::1]/?token=S3cretPw&a=b", "http://[fd00::1]/?token=<redacted>&a=b"],
  ["http://user:S3cretPw@h/a?X-Amz-Signature=S3cretPw", "http://<redacted>@h/a?X-Amz-Signature=<redacted>"],
  ["user:S3cretPw@proxy", "<redacted>"],
  ["corp\\user:S3cretPw@proxy:3128", "<redacted>"],
  ["http:/user:S3cretPw@proxy", "<redacted>"],
  ["http:user:S3cretPw@proxy", "<redacted>"],
  ["qemu+ssh:user:S3cretPw@host", "<redacted>"],
  ["http:\\\\user:S3cretPw@proxy", "<redacted>"],
  [" http://user:S3cretPw@proxy", "<redacted>"],
  ["//user:S3cretPw@proxy", "<redacted>"],
];

/** What only a whole value tells: in a text there is too much that looks so. */
const ONLY_VALUES: readonly (readonly [value: string, shown: string])[] = [
  ["http://user:S3cretPw", "<redacted>"],
  ["http://user:S3cretPw/x", "<redacted>"],
  ["http:user:S3cretPw", "<redacted>"],
  ["/dc/host/http:/user:S3cretPw/Resources/pool", "<redacted>"],
  ["http://user:my\nS3cretPw@proxy", "<redacted>"],
  ["user:my S3cretPw@proxy", "<redacted>"],
  ["user:my\tS3cretPw@proxy", "<redacted>"],
  ["http%3A%2F%2Fuser%3AS3cretPw%40proxy", "<redacted>"],
];

const HARMLESS = [
  "",
  "example.com",
  "10.0.0.1:6443",
  "fd00::1",
  "52:54:00:12:34:56",
  "you@example.com",
  "http://proxy.example.com:3128/a:b?sha256=abc",
  "https://[fd00::1]:6443/a",
  "http://proxy.example.com:/",
  "quay.io/org/name:v1@sha256:0123456789abcdef",
  "docker-pullable://registry.k8s.io/coredns:v1@sha256:0123456789abcdef",
  "/dc/host/a@b",
  "qemu:///system",
];

describe("redactValue", () => {
  it.each([...VALUES, ...ONLY_VALUES])("%j is shown as %j", (value, shown) => {
    expect(redactValue(value)).toBe(shown);
    expect(redactValue(shown)).toBe(shown);
  });

  it.each(HARMLESS)("leaves %j", (value) => {
    expect(redactValue(value)).toBe(value);
  });
});

describe("redactCredentials", () => {
  it.each(VALUES)("finds those of %j inside a text", (value) => {
    for (const text of [`cannot reach ${value}: refused`, `{"a":${JSON.stringify(value)},"b":"x@y"}`, `first\n(${value}), <b>\nlast`])
      expect(redactCredentials(text)).not.toContain("S3cret");
  });

  it.each([
    ['Get "http://user:my S3cretPw@proxy:3128/": refused', 'Get "http://<redacted>@proxy:3128/": refused'],
    ["parse http://user:my S3cretPw @proxy: refused", "parse http://<redacted>@proxy: refused"],
    ["run --token=S3cretPw --password=S3cretPw", "run --token=<redacted> --password=<redacted>"],
  ])("makes %j to %j", (text, shown) => {
    expect(redactCredentials(text)).toBe(shown);
  });

  it.each([
    ...HARMLESS,
    "10:23:45 sshd[1]: accepted core@10.0.0.5",
    "see https://10.0.0.1:6443/livez and getty@tty1.service",
    "at file:///srv/app/node_modules/@pulumi/pulumi/index.js:12:3",
    "at x (/srv/app/node_modules/@pulumi/pulumi/index.js:12:3)",
    "ssh core@10.0.0.5",
    "virsh -c qemu+ssh://root@host/system list",
    "pulled quay.io/org/name:v1@sha256:0123456789abcdef",
    "user=core mode=0600 resourceVersion=12",
  ])("leaves %j", (text) => {
    expect(redactCredentials(text)).toBe(text);
  });

  it.each(["a://:", "http://u:", "a@", "@@", "token=", "?a", "x", "a.b-", "user:pw@ ", ":/", '"'])(
    "takes no long time for a megabyte of %j",
    (unit) => {
      for (const text of [unit.repeat(1_000_000 / unit.length), `${unit.repeat(1_000_000 / unit.length)}@`]) {
        expect(cpuTime(() => redactCredentials(text)).milliseconds).toBeLessThan(3000);
        expect(cpuTime(() => redactValue(text)).milliseconds).toBeLessThan(3000);
      }
    },
  );
});

describe("credentialsIn", () => {
  it.each([...VALUES, ...ONLY_VALUES])("finds the secret of %j", (value) => {
    expect(credentialsIn(value).filter((secret) => secret.includes("S3cretPw"))).not.toEqual([]);
    expect(credentialsIn(value).every((secret) => percentDecoded(value).includes(secret) || value.includes(secret))).toBe(true);
  });

  it("gives passwords alone, as written and decoded, also those of a list", () => {
    expect(credentialsIn("http://user:S3cret%40Pw@proxy")).toEqual(["user:S3cret%40Pw", "user:S3cret@Pw", "S3cret%40Pw", "S3cret@Pw"]);
    expect(credentialsIn("http://a:first@x,http://b:second@y")).toEqual(expect.arrayContaining(["first", "second"]));
    expect(credentialsIn("http://h/?sig=S3cretPw")).toEqual(["S3cretPw"]);
  });

  it.each(HARMLESS)("finds none in %j", (value) => {
    expect(credentialsIn(value)).toEqual([]);
  });
});

it("decodes percent escapes whatever they hold", () => {
  expect(percentDecoded("%41%e4%zz%")).toBe("A\ufffd%zz%");
  expect(percentDecoded("%C3%A4")).toBe("ä");
});
