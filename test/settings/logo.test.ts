import { describe, expect, it } from "vitest";
import { Problem } from "../../src/base/error.ts";
import { readLogo } from "../../src/settings/read-logo.ts";
import { jpeg, png, svg } from "./pictures.ts";

function refusal(bytes: Uint8Array): string {
  try {
    readLogo(bytes);
    return "";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.fields.logo ?? "";
  }
}

const text = (words: string) => new TextEncoder().encode(words);

describe("a logo", () => {
  it("is known by its content, with its size", () => {
    expect(readLogo(png(240, 80))).toEqual({ mediaType: "image/png", width: 240, height: 80 });
    expect(readLogo(jpeg(300, 100))).toEqual({ mediaType: "image/jpeg", width: 300, height: 100 });
    expect(readLogo(jpeg(300, 100, 0xc0))).toMatchObject({ width: 300 });
    expect(readLogo(svg('<path d="M0 0h1"/>'))).toEqual({
      mediaType: "image/svg+xml",
      width: 120,
      height: 40,
    });
    expect(readLogo(svg("<g></g>", 'width="90.5px" height="30"'))).toMatchObject({ width: 91, height: 30 });
  });

  it("may be drawn as drawing programs do", () => {
    const drawing = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Made by hand -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://x" viewBox="0 0 200 50">
  <style>.a{fill:#123} .b{fill:url(#g)}</style><inkscape:page x="1"/>
  <defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient>
  <filter id="f"><feColorMatrix values="0 0 1"/></filter></defs>
  <title>Marlow &amp; Keane &#8212; "LLP"</title>
  <use xlink:href="#g"/><g style="fill: url('#g')" transform="translate(1 2)"><text x='1'>M</text></g>
</svg>`;
    expect(readLogo(text(drawing))).toMatchObject({ width: 200, height: 50 });
    expect(readLogo(text(`\ufeff${drawing}`))).toMatchObject({ width: 200 });
  });

  it.each([
    ["an empty file", new Uint8Array(), "The file is empty"],
    ["more than 1 MB", new Uint8Array(1_048_577), "larger than 1 MB"],
    ["a GIF", text("GIF89a........................................"), "no PNG, JPEG or SVG"],
    ["a PNG that is cut off", png(10, 10).subarray(0, 50), "no PNG, JPEG or SVG"],
    ["a JPEG without a size", Uint8Array.from([0xff, 0xd8, 0xff, 0xd9, 0, 0, 0]), "no PNG, JPEG or SVG"],
    ["a web page", text("<html><svg></svg></html>"), "cannot be read"],
    ["a PNG of ten pixels", png(10, 10), "10 by 10 pixels, which is too small"],
    ["a picture as large as a wall", jpeg(9_000, 20), "smaller than 4000 by 4000"],
  ])("that is %s is refused", (_what, bytes, words) => expect(refusal(bytes)).toContain(words));
});

describe("an SVG", () => {
  it.each([
    ["<script>alert(1)</script>", "holds a script"],
    ["<svg:script/>", "holds a script"],
    ["<SCRIPT/>", "holds a script"],
    ["<handler/>", "holds a script"],
    ['<a href="javascript:alert(1)"><path/></a>', "the element a"],
    ['<path onclick="x()"/>', "an action (onclick)"],
    ['<path ONLOAD = "x()"/>', "an action (onload)"],
    ["<foreignObject><p>x</p></foreignObject>", "holds another document"],
    ["<iframe/>", "holds another document"],
    ['<image href="#x"/>', "the element image"],
    ['<use href="https://evil.example/x.svg#a"/>', "an address in href"],
    ['<use xlink:href="data:image/svg+xml,x"/>', "an address in xlink:href"],
    ['<use href="&#104;ttps://evil.example"/>', "an address in href"],
    ['<g xml:base="https://evil.example/"/>', "an address in xml:base"],
    ['<animate attributeName="href" to="javascript:x"/>', "the element animate"],
    ['<set attributeName="onclick"/>', "the element set"],
    ["<style>@import 'https://evil.example/x.css';</style>", "a style that loads something"],
    ["<style>@\\69mport 'x';</style>", "a style that loads something"],
    ["<style>a{background:url(https://evil.example)}</style>", "a style that loads something"],
    ["<style><![CDATA[a{background:URL( 'x' )}]]></style>", "a style that loads something"],
    ["<style>a{fill:&#117;rl(x)}</style>", "a style that loads something"],
    ['<path style="fill:url(//evil.example)"/>', "a style that loads something"],
    ['<path fill="url(https://evil.example#a)"/>', "a style that loads something"],
    ['<path fill="jav&#x61;script:x"/>', "holds a script"],
    ["<?xml-stylesheet href='x'?>", "an instruction"],
    ["<path d=M0/>", "cannot be read"],
    ['<path d="1" d="2"/>', "cannot be read"],
    ["<g><path/>", "cannot be read"],
    ["<g></path></g>", "cannot be read"],
    ["<!-- no end", "cannot be read"],
  ])("with %s is refused", (inside, words) => expect(refusal(svg(inside))).toContain(words));

  it.each([
    [
      '<!DOCTYPE svg [<!ENTITY x "<script/>">]><svg viewBox="0 0 1 1">&x;</svg>',
      "a document type of its own",
    ],
    ['<svg viewBox="0 0 1 1"/><svg viewBox="0 0 1 1"/>', "cannot be read"],
    ['<svg viewBox="0 0 1 1"/>more', "cannot be read"],
    ["<svg/>", "does not say how large it is"],
    ['<svg width="100%" height="100%"/>', "does not say how large it is"],
    [`<svg viewBox="0 0 9 9">${"<g/>".repeat(20_001)}</svg>`, "too many shapes"],
  ])("that is %.60s is refused", (words, expected) => expect(refusal(text(words))).toContain(expected));

  it("in another encoding is refused, since a browser could read it otherwise", () => {
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...[...'<svg viewBox="0 0 1 1"/>'].flatMap((c) => [c.charCodeAt(0), 0]),
    ]);
    expect(refusal(utf16)).not.toBe("");
    expect(refusal(Uint8Array.from([...text('<svg viewBox="0 0 1 1">'), 0xff, ...text("</svg>")]))).toContain(
      "cannot be read",
    );
  });
});
