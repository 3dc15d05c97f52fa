import { beforeAll, describe, expect, it } from "vitest";
import { makeApp } from "../../src/app.tsx";
import type { MemberContext } from "../../src/context.ts";
import { useDatabase } from "../support/database.ts";
import { cookieFor, get } from "../support/requests.ts";
import { keepingLog, makeFirm, makeMember, TEST_ORIGIN, testContext } from "../support/world.ts";
import { smallApp } from "./small-app.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("forms from elsewhere", () => {
  const box = useDatabase();
  let admin: MemberContext;
  let cookie: string;

  beforeAll(async () => {
    const cx = testContext(box);
    admin = await makeMember(cx, (await makeFirm(cx)).firmId, "admin");
    cookie = await cookieFor(admin);
  });

  const send = async (headers: Record<string, string>, method = "POST", path = "/signout") => {
    const app = makeApp(testContext(box));
    return await app.request(path, { method, headers: { cookie, ...FORM, ...headers } });
  };

  it.each([
    ["another site", { "Sec-Fetch-Site": "cross-site" }],
    ["another host of the same site", { "Sec-Fetch-Site": "same-site" }],
    ["the address bar", { "Sec-Fetch-Site": "none" }],
    ["a browser that says nothing", {}],
    ["another origin", { Origin: "https://evil.example" }],
    ["an origin that begins like ours", { Origin: `${TEST_ORIGIN}.evil.example` }],
    ["our host at another port", { Origin: "http://127.0.0.1:4001" }],
    ["no origin at all", { Origin: "null" }],
    ["a site that names our origin but is not it", { "Sec-Fetch-Site": "cross-site", Origin: TEST_ORIGIN }],
  ])("are refused from %s, for each method that changes something", async (_from, headers) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect((await send(headers, method)).status, method).toBe(403);
    expect((await send({}, "GET", "/settings/team")).status).toBe(200);
  });

  it("are answered to our own pages, by what the browser says or by the exact origin", async () => {
    const app = smallApp(testContext(box), (routes) => routes.post("/x", (c) => c.text("done")));
    for (const headers of [{ "Sec-Fetch-Site": "same-origin" }, { Origin: TEST_ORIGIN }])
      expect((await app.request("/x", { method: "POST", headers })).status).toBe(200);
  });

  it("never hinder looking at a page", async () => {
    for (const headers of [{}, { "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }])
      expect((await send(headers, "GET", "/settings/team")).status).toBe(200);
  });
});

describe("headers of every answer", () => {
  const box = useDatabase();

  it.each([
    ["a page", "/signin", 200],
    ["an address without a page", "/nowhere", 404],
    ["a redirect", "/settings/team", 303],
    ["a dead sign-in link", "/signin/link/abc", 410],
    ["a check of life", "/health/live", 200],
  ])(
    "%s is framed by nobody, runs only scripts with its nonce and is not kept",
    async (_what, path, status) => {
      const answer = await get(makeApp(testContext(box)), path);
      expect(answer.status).toBe(status);
      const policy = answer.headers.get("Content-Security-Policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/script-src 'nonce-[\w-]{22}';/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("form-action 'self';");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(answer.headers.get("X-Frame-Options")).toBe("DENY");
      expect(answer.headers.get("Cache-Control")).toBe("no-store");
      expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(answer.headers.get("Referrer-Policy")).toBe("same-origin");
      expect(answer.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.has("Strict-Transport-Security")).toBe(false);
    },
  );

  it("a defect shows a reference number alone, with the same headers, and the cause stands in the log", async () => {
    const log = keepingLog();
    const broken = testContext(box, {
      log,
      now: () => {
        throw new Error("the clock of s3cret stopped");
      },
    });
    const answer = await get(makeApp(broken), `/signin/link/${"a".repeat(64)}`);
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(page).not.toContain("s3cret");
    expect(page).toContain(answer.headers.get("X-Request-Id") ?? "none");
    expect(answer.headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(log.lines.join()).toContain("the clock of s3cret stopped");
    expect(log.lines.join()).not.toContain("a".repeat(64));
  });

  it("each answer has a nonce of its own", async () => {
    const app = makeApp(testContext(box));
    const policies = await Promise.all(
      [1, 2, 3].map(async () => (await get(app, "/signin")).headers.get("Content-Security-Policy")),
    );
    expect(new Set(policies).size).toBe(3);
  });

  it("a page may name who frames it and where its forms lead", async () => {
    const app = smallApp(testContext(box), (routes) =>
      routes.get("/panel", (c) => {
        c.set("frameAncestors", ["https://docket.example", "https://other.example"]);
        c.set("formTargets", ["https://checkout.example"]);
        return c.text("panel");
      }),
    );
    const { headers } = await get(app, "/panel");
    expect(headers.get("Content-Security-Policy")).toContain(
      "frame-ancestors https://docket.example https://other.example;",
    );
    expect(headers.get("Content-Security-Policy")).toContain("form-action 'self' https://checkout.example;");
    expect(headers.has("X-Frame-Options")).toBe(false);
  });

  it("only an https origin binds browsers to https", async () => {
    const cx = testContext(box);
    const secure = { ...cx, config: { ...cx.config, PUBLIC_ORIGIN: "https://pay.firm.example" } };
    const { headers } = await get(makeApp(secure), "/nowhere");
    expect(headers.get("Strict-Transport-Security")).toMatch(/^max-age=63072000/);
  });

  it("a file that never changes is kept, and an unknown one is not there", async () => {
    const app = makeApp(testContext(box));
    const page = await (await get(app, "/signin")).text();
    const [, path = ""] = /href="(\/static\/[^"]+\.css)"/.exec(page) ?? [];
    const file = await get(app, path);
    expect(file.status).toBe(200);
    expect(file.headers.get("Cache-Control")).toMatch(/max-age=\d{6,}/);
    expect(file.headers.get("Cache-Control")).toContain("immutable");
    const missing = await get(app, "/static/none.css");
    expect(missing.status).toBe(404);
    expect(missing.headers.get("Cache-Control")).toBe("no-store");
  });
});
