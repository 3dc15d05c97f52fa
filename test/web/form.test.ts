import type { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { WebEnv } from "../../src/web/env.ts";
import { setFlash, takeFlash } from "../../src/web/flash.ts";
import { readForm, safePath } from "../../src/web/form.ts";
import { useDatabase } from "../support/database.ts";
import { cookiesOf, get, post } from "../support/requests.ts";
import { testContext } from "../support/world.ts";
import { smallApp } from "./small-app.ts";

describe("readForm", () => {
  const box = useDatabase();
  const app = () =>
    smallApp(testContext(box), (routes) =>
      routes.post("/form", async (c) => {
        const form = await readForm(c);
        return c.json({
          name: form.text("name"),
          missing: form.text("missing"),
          ticked: form.all("ticked"),
          has: [form.has("name"), form.has("missing")],
          amounts: Object.fromEntries(form.withPrefix("amount-")),
        });
      }),
    );
  const send = (body: BodyInit, headers: Record<string, string> = {}) =>
    app().request("/form", {
      method: "POST",
      body,
      headers: { "Sec-Fetch-Site": "same-origin", ...headers },
    });

  it("gives trimmed text, several values, and fields by their beginning", async () => {
    const fields = new URLSearchParams({ name: "  Ana ", "amount-1": "5", "amount-2": "6" });
    for (const value of ["a", "b"]) fields.append("ticked", value);
    expect(await (await send(fields)).json()).toEqual({
      name: "Ana",
      missing: "",
      ticked: ["a", "b"],
      has: [true, false],
      amounts: { "1": "5", "2": "6" },
    });
  });

  it("takes a multipart form, but no file in it", async () => {
    const fields = new FormData();
    fields.set("name", "Ana");
    expect((await send(fields)).status).toBe(200);
    fields.set("file", new File(["x"], "x.txt"));
    expect((await send(fields)).status).toBe(422);
  });

  it("refuses a field that came twice, one that is too long, and too many", async () => {
    const text = (count: number) =>
      new URLSearchParams(Array.from({ length: count }, (_, index) => [`f${index}`, "x"]));
    expect(
      (await send("name=a&name=b", { "content-type": "application/x-www-form-urlencoded" })).status,
    ).toBe(422);
    expect((await send(new URLSearchParams({ name: "x".repeat(20_000) }))).status).toBe(200);
    expect((await send(new URLSearchParams({ name: "x".repeat(20_001) }))).status).toBe(422);
    expect((await send(text(2_000))).status).toBe(200);
    expect((await send(text(2_001))).status).toBe(422);
  });

  it.each([
    ["JSON", "{}", "application/json"],
    ["plain text", "name=a", "text/plain"],
    [
      "a multipart form without its end",
      "--x\r\nContent-Disposition: form-data",
      "multipart/form-data; boundary=x",
    ],
    ["a multipart form without a boundary", "x", "multipart/form-data"],
  ])("refuses %s as no form, not as a defect", async (_what, body, type) => {
    expect((await send(body, { "content-type": type })).status).toBe(422);
  });
});

describe("safePath", () => {
  it.each(["/", "/sent", "/sent?tab=all&q=a%20b", "/sent/1#top", "/a//b", "/@x", "/https://ours"])(
    "keeps %j",
    (path) => {
      expect(safePath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    "",
    "sent",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/a\r\nSet-Cookie: x=y",
    "/a\\..\\b",
    "/\u0000",
    "/\u2028",
    "/日本",
    `/${"a".repeat(2_000)}`,
  ])("turns %j into the start page", (path) => {
    expect(safePath(path)).toBe("/");
  });

  it("never leads away from our own origin", () => {
    for (const path of [
      "/.//evil.example",
      "/..//evil.example",
      "/%2f/evil.example",
      "/;//evil.example",
      "/?//evil.example",
    ])
      expect(new URL(safePath(path), "https://pay.firm.example").origin).toBe("https://pay.firm.example");
  });
});

describe("notices", () => {
  const box = useDatabase();
  const appWith = (text: string): Hono<WebEnv> =>
    smallApp(testContext(box), (routes) => {
      routes.post("/do", (c) => {
        setFlash(c, { tone: "good", text });
        return c.redirect("/", 303);
      });
      routes.get("/", (c) => c.json(takeFlash(c) ?? null));
    });

  it("are shown on the next page, once", async () => {
    const text = "Sent to “Ana & Bé”; 100% 日本 <b>";
    const app = appWith(text);
    const cookie = cookiesOf(await post(app, "/do", {}));
    const shown = await get(app, "/", { cookie });
    expect(await shown.json()).toEqual({ tone: "good", text });
    expect(shown.headers.getSetCookie()[0]).toMatch(
      /^sfp_notice=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax/,
    );
    expect(await (await get(app, "/", { cookie: cookiesOf(shown) })).json()).toBeNull();
  });

  it("are cut so that a browser keeps the cookie, whatever the letters", async () => {
    for (const letter of ["x", "é", "日", "🦊"]) {
      const app = appWith(letter.repeat(900));
      const cookie = cookiesOf(await post(app, "/do", {}));
      expect(cookie.length, letter).toBeLessThan(4_096);
      expect((await (await get(app, "/", { cookie })).json()).text, letter).toContain(letter.repeat(199));
    }
  });

  it.each([
    "%",
    "%E0%A4%A",
    "no-json",
    "%7B%7D",
    "null",
    '{"tone":"loud","text":"x"}',
    '{"tone":"good","text":1}',
  ])("that were changed by their holder to %j are left out", async (value) => {
    const answer = await get(appWith("x"), "/", { cookie: `sfp_notice=${value}` });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toBeNull();
  });
});
