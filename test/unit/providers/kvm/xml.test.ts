import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownerElement, ownerOf } from "../../../../src/providers/kvm/xml/metadata.ts";
import { find, findAll, parseXml, textOf } from "../../../../src/providers/kvm/xml/parse-xml.ts";
import { element, renderXml } from "../../../../src/providers/kvm/xml/xml.ts";

describe("renderXml and parseXml", () => {
  it("give back any attribute and text", () => {
    // What XML 1.0 cannot hold is dropped, and blanks around text and line ends inside attributes are not ours to keep.
    const text = fc
      .string({ unit: "grapheme" })
      .map((value) => value.replaceAll(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/g, "").trim());
    fc.assert(
      fc.property(text, text, (attribute, content) => {
        const parsed = parseXml(renderXml(element("root", { a: attribute }, element("child", {}, content))));
        expect(parsed.attributes["a"]).toBe(attribute);
        expect(textOf(find(parsed, "child"))).toBe(content);
      }),
    );
  });

  it("reads what libvirt writes: comments, declarations, prefixes, entities", () => {
    const root = parseXml(`<?xml version="1.0"?><!-- AUTO --><net a='1'><x:y xmlns:x="u" z="&lt;&#65;&#x42;&gt;"/><b>one</b><b>t&amp;o</b></net>\n`);
    expect(find(root, "y")?.attributes["z"]).toBe("<AB>");
    expect(findAll(root, "b").map(textOf)).toEqual(["one", "t&o"]);
    expect(findAll(root, "b", "c")).toEqual([]);
  });

  it.each(["", "text", "<a>", "<a></b>", "<a/><", "<a b=c/>", "<a></a></a>"])("refuses %j", (text) => {
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ id: "LIBVIRT_FAILED" }));
  });
});

describe("ownerOf", () => {
  const owner = { infraID: "c-abcde", role: "control-plane" };

  it("finds the owner whatever prefix libvirt gives it", () => {
    expect(ownerOf(parseXml(renderXml(element("domain", {}, ownerElement(owner)))))).toEqual(owner);
    expect(
      ownerOf(
        parseXml(`<domain><metadata><owner xmlns="https://virt-ipi.dev/xmlns/owner/1" infraID="c-abcde" role="control-plane"/></metadata></domain>`),
      ),
    ).toEqual(owner);
  });

  it.each([
    "<domain/>",
    `<domain><metadata><owner infraID="c-abcde" role="x"/></metadata></domain>`,
    `<domain><metadata><v:owner xmlns:v="https://example.com/other" infraID="c-abcde" role="x"/></metadata></domain>`,
  ])("does not take %s for ours", (text) => expect(ownerOf(parseXml(text))).toBeUndefined());
});
