import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Running } from "../../../src/sandbox/serve.ts";
import { type Browser, createBrowser, formAction } from "./browser.ts";
import {
  CLIENT,
  call,
  connect,
  FIRST_MATTER,
  openStatements,
  removeFolders,
  startTestDocket,
} from "./harness.ts";

let docket: Running;
let browser: Browser;
beforeAll(async () => {
  docket = await startTestDocket({ matterCount: 60 });
  browser = createBrowser(docket.origin);
  await browser.post("/sign-in", { user_id: "usr_dana" });
});
afterAll(async () => {
  await docket.close();
  removeFolders();
});

const page = async (url: string) => (await browser.get(url)).text();

describe("Docket's screens", () => {
  test("nobody sees a matter before signing in", async () => {
    const stranger = createBrowser(docket.origin);
    for (const path of ["/matters", `/matters/${FIRST_MATTER}`]) {
      expect((await stranger.get(path)).headers.get("location")).toBe("/");
    }
    expect(await (await stranger.get("/")).text()).toContain("asks for no password");
  });

  test("the list pages, and finds a matter by client, words or number", async () => {
    expect(await page("/matters")).toContain("Next page");
    expect(await page("/matters?page=2")).toContain("Previous page");
    for (const words of ["okafor logistics", "lease dispute", "10482-003"]) {
      expect(await page(`/matters?q=${encodeURIComponent(words)}`)).toContain(
        "10482-003 Warehouse lease dispute",
      );
    }
    expect(await page("/matters?q=%25")).toContain("No matter has these words");
  });

  test("a matter shows its statements and, once paid, the lower balance and the payment's reference", async () => {
    const before = await page(`/matters/${FIRST_MATTER}`);
    expect(before).toContain("20402");
    expect(before).toContain("No entries yet");
    const { access_token: token } = await connect(docket);
    const statement = (await openStatements(docket, token, "invoice")).find(
      (item) => item.number === "20402",
    );
    await call(docket, token, "/api/v1/payments", {
      reference: "SFP-7QX2",
      received_on: "2030-01-01",
      amount: 100,
      allocations: [{ statement_id: statement?.id, amount: 100 }],
    });
    const after = await page(`/matters/${FIRST_MATTER}`);
    expect(after).toContain("$2,400.00");
    expect(after).toContain("SFP-7QX2");
  });

  test("a form from another origin is refused", async () => {
    const response = await fetch(`${docket.origin}/sign-in`, {
      method: "POST",
      headers: { origin: "http://localhost:1" },
      body: new URLSearchParams({ user_id: "usr_ana" }),
    });
    expect(response.status).toBe(403);
  });

  test("pages run only Docket's own scripts and frame only the app", async () => {
    const policy = (await browser.get("/matters")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-src 'self' http://127.0.0.1:4999");
    expect((await browser.get("/static/docket.css")).headers.get("content-type")).toContain("text/css");
  });

  test("an unknown matter is not found", async () => {
    expect((await browser.get("/matters/mat_none")).status).toBe(404);
  });

  test("signing out ends the session", async () => {
    const other = createBrowser(docket.origin);
    await other.post("/sign-in", { user_id: "usr_ben" });
    expect((await other.get("/matters")).status).toBe(200);
    await other.post("/sign-out", {});
    expect((await other.get("/matters")).status).toBe(303);
  });
});

describe("the panel", () => {
  const launch = async (from: Browser) => (await from.post(`/matters/${FIRST_MATTER}/launch`, {})).text();
  const ticketOf = (html: string) => /name="ticket" value="([^"]+)"/.exec(html)?.[1] ?? "";

  test("the button posts into the frame, whose answer posts a signed ticket to the app", async () => {
    const matter = await page(`/matters/${FIRST_MATTER}`);
    expect(matter).toContain('target="sfp-panel"');
    expect(matter).toContain('name="sfp-panel"');
    const html = await launch(browser);
    expect(formAction(html)).toBe(CLIENT.launchUrl);
    const [header = "", claims = "", signature = ""] = ticketOf(html).split(".");
    const { keys } = (await (await fetch(`${docket.origin}/oauth/jwks`)).json()) as {
      keys: (JsonWebKey & { kid: string })[];
    };
    const { kid, alg } = JSON.parse(Buffer.from(header, "base64url").toString());
    expect(alg).toBe("RS256");
    const key = keys.find((candidate) => candidate.kid === kid);
    const publicKey = createPublicKey({ key: key ?? {}, format: "jwk" });
    const good = verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      publicKey,
      Buffer.from(signature, "base64url"),
    );
    expect(good).toBe(true);
    const read = JSON.parse(Buffer.from(claims, "base64url").toString());
    expect(read).toMatchObject({
      iss: docket.origin,
      aud: CLIENT.id,
      sub: "usr_dana",
      email: "dana@marlowkeane.example",
      name: "Dana Whitfield",
      account_id: "acc_marlow",
      matter_id: FIRST_MATTER,
    });
    expect(read.exp - read.iat).toBe(60);
  });

  test("every click makes a ticket of its own", async () => {
    expect(ticketOf(await launch(browser))).not.toBe(ticketOf(await launch(browser)));
  });

  test("says so when nobody is signed in", async () => {
    const html = await launch(createBrowser(docket.origin));
    expect(html).toContain("You are signed out of Docket");
    expect(ticketOf(html)).toBe("");
  });

  test("says so when no app is installed", async () => {
    const { launchUrl: _, ...client } = CLIENT;
    const bare = await startTestDocket({ client, matterCount: 1 });
    const visitor = createBrowser(bare.origin);
    await visitor.post("/sign-in", { user_id: "usr_dana" });
    expect(await launch(visitor)).toContain("No app is installed");
    await bare.close();
  });
});
