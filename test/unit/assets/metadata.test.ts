import { expect, it } from "vitest";
import { makeMetadata, metadataText } from "../../../src/assets/metadata.ts";
import { IDENTITY } from "./spec.ts";

it("has OpenShift's fields and a section named as the platform", () => {
  expect(JSON.parse(metadataText(makeMetadata({ name: "demo" }, IDENTITY, { platform: "kvm", uri: "qemu:///system" })))).toEqual({
    clusterName: "demo",
    clusterID: IDENTITY.clusterID,
    infraID: "demo-x7k2p",
    kvm: { uri: "qemu:///system" },
    featureSet: "",
    customFeatureSet: null,
  });
});

it("has no section for platform none", () => {
  expect(Object.keys(makeMetadata({ name: "demo" }, IDENTITY))).toEqual(["clusterName", "clusterID", "infraID", "featureSet", "customFeatureSet"]);
});
