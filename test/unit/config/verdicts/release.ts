import { type Case, INVALID, kvm, NEWEST, none, REQUIRED, UNSUPPORTED, FORBIDDEN } from "./support.ts";

const release = (version: string | undefined, image?: string) => ({
  release: { ...(version === undefined ? {} : { version }), ...(image === undefined ? {} : { image }) },
});
const VERSION = "release.version";
const IMAGE = "release.image";
const DIGEST = `sha256:${"0a".repeat(32)}`;

export const RELEASE: readonly Case[] = [
  ...["4.19", "4.20", "4.21", "4.22", "5.0"].map((version): Case => [`version ${version}`, none, release(version)]),
  ...["4.19", "4.20", "4.21", "4.22", "5.0"].map((version): Case => [
    `version ${version} of OKD`,
    none,
    { ...release(version), distribution: "okd" },
  ]),
  ["a release of OKD by its number", none, { ...release("4.21.0-okd-scos.11"), distribution: "okd" }],
  ["OKD's system on OKD", none, { ...NEWEST, distribution: "okd", osImageStream: "centos-10" }],
  ["OKD's system on OpenShift", none, { ...NEWEST, osImageStream: "centos-10" }, ["osImageStream", UNSUPPORTED, '"rhel-9", "rhel-10"']],
  ["OpenShift's system on OKD", none, { ...NEWEST, distribution: "okd", osImageStream: "rhel-10" }, ["osImageStream", UNSUPPORTED, '"centos-10"']],
  ["an empty release", none, { release: {} }],
  ["a patch release", none, release("4.21.3")],
  ["a release candidate", none, release("5.0.0-rc.1")],
  ...["4.16", "4.17.20", "4.18"].map((version): Case => [`version ${version}`, none, release(version), [VERSION, INVALID, "out of maintenance"]]),
  ["a version that is not known yet", none, release("5.1"), [VERSION, UNSUPPORTED, '"5.0"']],
  ["a version of long ago", none, release("3.11"), [VERSION, UNSUPPORTED, '"4.19"']],
  ["no version at all", none, release("latest"), [VERSION, INVALID, "such as 4.21"]],
  ["an image whose tag says the version", none, release(undefined, "registry.example.com:5000/ocp/release:4.20.1-x86_64")],
  [
    "an image of a version that is not supported",
    none,
    release(undefined, "quay.io/ocp/release:4.18.2-x86_64"),
    [IMAGE, INVALID, "out of maintenance"],
  ],
  ["an image by digest, and the version", none, release("4.22", `quay.io/ocp/release@${DIGEST}`)],
  ["an image by digest alone", none, release(undefined, `quay.io/ocp/release@${DIGEST}`), [VERSION, REQUIRED, "which version the image is of"]],
  ["an image whose tag says nothing", none, release(undefined, "quay.io/ocp/release:latest"), [VERSION, REQUIRED, ""]],
  ["a tag of another version", none, release("4.21", "quay.io/ocp/release:4.20.1-x86_64"), [VERSION, INVALID, "the image's tag says 4.20"]],
  ["an image without tag", none, release("4.21", "quay.io/ocp/release"), [IMAGE, INVALID, "a tag or a digest"]],
  ["an image without registry", none, release("4.21", "release:4.21"), [IMAGE, INVALID, "with its registry"]],
  ["a short digest", none, release("4.21", "quay.io/ocp/release@sha256:12"), [IMAGE, INVALID, "64 hexadecimal digits"]],
  ["a release of upstream Kubernetes", kvm, { distribution: "kubernetes", ...release("4.21") }, ["release", FORBIDDEN, "feature of OpenShift"]],
];
