import { describe, expect, it } from "vitest";
import { goUrlProblem } from "../../../src/config/network/go-url.ts";
import table from "./go-url.json" with { type: "json" };

/** What `url.ParseRequestURI` of Go 1.26.8 answers: hand-picked texts, and 900 put together at random from parts of URLs. "" is no error. */
const ROWS = table as unknown as readonly (readonly [text: string, error: string])[];

describe("goUrlProblem", () => {
  it("takes and refuses what Go does", () => {
    const different = ROWS.filter(([text, error]) => (goUrlProblem(text) === undefined) !== (error === ""));
    expect(different).toEqual([]);
    expect(ROWS.filter(([, error]) => error === "").length).toBeGreaterThan(250);
    expect(ROWS.filter(([, error]) => error !== "").length).toBeGreaterThan(500);
  });

  it("says in its own words what is wrong, and quotes nothing", () => {
    for (const [text, problem] of [
      ["http://user:p%ss@proxy.example.com:3128", "a bare % must be written %25"],
      ["http://user:S3cret Pw@proxy.example.com:3128", "a blank in the user name or password must be percent-encoded: %20"],
      ["http://corp\\user:pw@proxy.example.com", "a backslash in the user name or password must be percent-encoded: %5C"],
      ["http://user:p#w@proxy.example.com", "a character in the user name or password must be percent-encoded, such as %23 for #"],
      ["http://user:S3cretPw", "what follows the host is not a port; special characters in a user name or password must be percent-encoded"],
      ["http://[::1", "the bracket of the IPv6 address is not closed"],
      ["proxy.example.com", "has no scheme"],
    ] as const)
      expect(goUrlProblem(text)).toBe(problem);
  });
});
