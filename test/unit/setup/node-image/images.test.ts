import { expect, it } from "vitest";
import { COREDNS_IMAGE } from "../../../../src/assets/manifests/coredns.ts";
import { COREDNS_IMAGE as PRELOADED } from "../../../../setup/node-image/context.ts";

// The image's recipe is hashed by its own files, so it names the version itself.
it("preloads the CoreDNS that the manifests ask for", () => {
  expect(PRELOADED).toBe(COREDNS_IMAGE);
});
