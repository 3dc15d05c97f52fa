import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { asset, findAsset, listAssets } from "../../src/ui/assets.ts";

test("the address of a static file holds the hash of its content", () => {
  for (const { path, body } of listAssets()) {
    const hash = createHash("sha256").update(body).digest("hex").slice(0, 10);
    expect(path).toMatch(new RegExp(`^/static/[a-z]+\\.${hash}\\.(css|js|svg)$`));
  }
});

test("a static file is found under its own address and under no other", () => {
  expect(findAsset(asset("app.css"))?.type).toBe("text/css; charset=utf-8");
  expect(findAsset(asset("app.js"))?.type).toBe("text/javascript; charset=utf-8");
  expect(findAsset("/static/app.css")).toBeUndefined();
  expect(findAsset("/static/app.0000000000.css")).toBeUndefined();
  expect(findAsset("/static/../assets.ts")).toBeUndefined();
  expect(findAsset("__proto__")).toBeUndefined();
});

test("htmx 4.0.1 and the extension that guards it travel in one file, in that order", () => {
  const body = findAsset(asset("htmx.js"))?.body ?? "";
  expect(body).toContain("4.0.1");
  expect(body.indexOf('registerExtension("hx-csp"')).toBeGreaterThan(body.indexOf("4.0.1"));
  expect(body).not.toContain("sourceMappingURL");
});

test("the payer's style sheet stays small", () => {
  const body = findAsset(asset("pay.css"))?.body ?? "";
  expect(Buffer.byteLength(body)).toBeLessThan(20_000);
  expect(gzipSync(body).byteLength).toBeLessThan(5_000);
});

test("no style sheet or script loads anything from elsewhere", () => {
  for (const name of ["app.css", "pay.css", "app.js"] as const) {
    expect(findAsset(asset(name))?.body).not.toMatch(/url\(|@import|https?:\/\//);
  }
});

test("the script writes text only, so that Trusted Types let it through", () => {
  expect(findAsset(asset("app.js"))?.body).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function/,
  );
});
