import { describe, expect, it } from "vitest";
import { parseIgnition } from "../../../../src/assets/ignition/index.ts";

const parse = (config: unknown) => parseIgnition("master.ign", typeof config === "string" ? config : JSON.stringify(config));
const HEAD = { ignition: { version: "3.2.0" } };

/** Each list of a config, by where it stands. */
const LISTS = ["ignition.config.merge", "passwd.users", "passwd.groups", "storage.directories", "storage.files", "storage.links", "systemd.units"];
const NODES = LISTS.slice(1);

/** A config with a value at a path. */
function withAt(path: string, value: unknown): object {
  const config = structuredClone(HEAD) as Record<string, unknown>;
  const keys = path.split(".");
  let at = config;
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
  at[keys.at(-1) ?? ""] = value;
  return config;
}

describe("an Ignition config that the user has changed", () => {
  it.each(["", "{", "null", "[]", '"3.2.0"', "{}", '{"ignition":null}', '{"ignition":[]}'])("is not %j", (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ id: "IGNITION_INVALID" }));
  });

  it.each(["2.2.0", "3", "3.", "3.x", "3.banana", "3.2", "3.2.0 ", "33.2.0", 3.2, null, {}])("is not of version %j", (version) => {
    expect(() => parse({ ignition: { version } })).toThrow("master.ign is not an Ignition config of version 3");
  });

  it.each(LISTS)("has nothing but a list of objects in %s", (path) => {
    for (const value of ["secret", 7, true, {}, { a: 1 }, ["secret"], [null], [[]]])
      expect(() => parse(withAt(path, value)), JSON.stringify(value)).toThrow(
        expect.objectContaining({ id: "IGNITION_INVALID", message: `master.ign is no Ignition config: ${path} is not a list of objects` }),
      );
    for (const value of [null, []]) expect(parse(withAt(path, value))).toMatchObject(HEAD);
    const section = path.slice(0, path.lastIndexOf("."));
    for (const value of ["secret", 7, ["secret"]])
      expect(() => parse(withAt(section, value)), JSON.stringify(value)).toThrow(`${section} is not an object`);
  });

  it.each(NODES)("has no item without its name in %s", (path) => {
    for (const item of [{}, { name: "", path: "" }, { name: 5, path: [] }])
      expect(() => parse(withAt(path, [item]))).toThrow(`an item of ${path} has no`);
    expect(parse(withAt(path, [{ name: "a", path: "/a" }]))).toMatchObject(HEAD);
  });

  it("keeps what virt-ipi does not know", () => {
    const config = { ignition: { version: "3.5.0" }, kernelArguments: { shouldExist: ["a"] }, storage: { luks: [1] } };
    expect(parse(config)).toEqual(config);
  });
});
