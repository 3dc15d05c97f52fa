import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { type CaptchaOptions, startCaptcha } from "../../../src/sandbox/captcha/server.ts";
import type { Running } from "../../../src/sandbox/serve.ts";

const PATHS = {
  recaptcha: "/recaptcha/api/siteverify",
  turnstile: "/turnstile/v0/siteverify",
  hcaptcha: "/hcaptcha/siteverify",
};
type Vendor = keyof typeof PATHS;
const VENDORS = Object.keys(PATHS) as Vendor[];

test.each([
  ["recaptcha", "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe", true, []],
  ["turnstile", "1x0000000000000000000000000000000AA", true, []],
  ["turnstile", "2x0000000000000000000000000000000AA", false, ["invalid-input-response"]],
  ["turnstile", "3x0000000000000000000000000000000AA", false, ["timeout-or-duplicate"]],
  ["hcaptcha", "0x0000000000000000000000000000000000000000", true, []],
] as const)("the test secret of %s (%s) answers as published", async (vendor, secret, success, codes) => {
  const captcha = await open();
  for (const _ of [1, 2]) {
    const answer = await ask(captcha, vendor, { secret, response: "anything" });
    expect(answer).toMatchObject({ success, "error-codes": codes });
  }
});

test.each(VENDORS)("a token of %s is valid once, with where and when it was made", async (vendor) => {
  const captcha = await open();
  const token = await mint(captcha, { vendor, hostname: "pay.example" });
  const question = { secret: `sandbox-${vendor}-secret`, response: token };
  expect(await ask(captcha, vendor, question)).toMatchObject({
    success: true,
    hostname: "pay.example",
    challenge_ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    "error-codes": [],
  });
  const spent = vendor === "hcaptcha" ? "already-seen-response" : "timeout-or-duplicate";
  expect(await ask(captcha, vendor, question)).toEqual({ success: false, "error-codes": [spent] });
});

test.each([
  ["recaptcha", 120, "timeout-or-duplicate"],
  ["turnstile", 300, "timeout-or-duplicate"],
  ["hcaptcha", 120, "expired-input-response"],
] as const)("a token of %s lives %i seconds", async (vendor, lifetimeSeconds, code) => {
  let now = Date.parse("2026-11-23T12:00:00Z");
  const captcha = await open({ now: () => new Date(now) });
  const [first, second] = [await mint(captcha, { vendor }), await mint(captcha, { vendor })];
  const secret = `sandbox-${vendor}-secret`;
  now += lifetimeSeconds * 1000;
  expect(await ask(captcha, vendor, { secret, response: first })).toMatchObject({ success: true });
  now += 1;
  expect(await ask(captcha, vendor, { secret, response: second })).toMatchObject({ "error-codes": [code] });
});

test("reCAPTCHA answers a score with an action, and none without", async () => {
  const captcha = await open();
  const secret = "sandbox-recaptcha-secret";
  const scored = await mint(captcha, { action: "pay", score: 0.2 });
  expect(await ask(captcha, "recaptcha", { secret, response: scored })).toMatchObject({
    action: "pay",
    score: 0.2,
  });
  const plain = await ask(captcha, "recaptcha", { secret, response: await mint(captcha, {}) });
  expect(plain).not.toHaveProperty("score");
});

test("Turnstile takes JSON, and repeats its answer under the same idempotency key only", async () => {
  const captcha = await open();
  const token = await mint(captcha, { vendor: "turnstile", action: "pay", cdata: "link" });
  const question = {
    secret: "sandbox-turnstile-secret",
    response: token,
    idempotency_key: crypto.randomUUID(),
  };
  const askJson = async (body: object) => {
    const headers = { "content-type": "application/json" };
    const url = `${captcha.origin}${PATHS.turnstile}`;
    return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  expect(await askJson(question)).toMatchObject({ success: true, action: "pay", cdata: "link" });
  expect(await askJson(question)).toMatchObject({ success: true, action: "pay" });
  expect(await askJson({ ...question, idempotency_key: crypto.randomUUID() })).toMatchObject({
    success: false,
  });
});

test.each([
  ["no secret", { response: "x" }, "missing-input-secret"],
  ["a wrong secret", { secret: "wrong", response: "x" }, "invalid-input-secret"],
  ["another vendor's secret", { secret: "sandbox-hcaptcha-secret", response: "x" }, "invalid-input-secret"],
  ["no token", { secret: "sandbox-recaptcha-secret" }, "missing-input-response"],
  ["an invented token", { secret: "sandbox-recaptcha-secret", response: "x.y" }, "invalid-input-response"],
])("%s is refused with status 200 and its own code", async (_, question, code) => {
  const captcha = await open();
  expect(await ask(captcha, "recaptcha", question)).toEqual({ success: false, "error-codes": [code] });
});

test("a token of another site key or another vendor is refused", async () => {
  const captcha = await open();
  const foreign = await mint(captcha, { site_key: "someone-else" });
  const secret = "sandbox-recaptcha-secret";
  expect(await ask(captcha, "recaptcha", { secret, response: foreign })).toMatchObject({ success: false });
  const turnstile = await mint(captcha, { vendor: "turnstile", site_key: "sandbox-recaptcha-site" });
  expect(await ask(captcha, "recaptcha", { secret, response: turnstile })).toMatchObject({ success: false });
  const hcaptcha = { secret: "sandbox-hcaptcha-secret", response: "x", sitekey: "another" };
  expect(await ask(captcha, "hcaptcha", hcaptcha)).toMatchObject({
    "error-codes": ["sitekey-secret-mismatch"],
  });
});

test("a token is used up although its answer was lost", async () => {
  const captcha = await open();
  const question = { secret: "sandbox-recaptcha-secret", response: await mint(captcha, {}) };
  await fault(captcha, { kind: "drop_answer" });
  await expect(ask(captcha, "recaptcha", question)).rejects.toThrow();
  expect(await ask(captcha, "recaptcha", question)).toMatchObject({
    "error-codes": ["timeout-or-duplicate"],
  });
});

test("the verifier can be down and slow, and a question it never saw uses nothing up", async () => {
  const captcha = await open();
  const question = { secret: "sandbox-recaptcha-secret", response: await mint(captcha, {}) };
  await fault(captcha, { kind: "down" });
  const body = new URLSearchParams(question);
  expect((await fetch(`${captcha.origin}${PATHS.recaptcha}`, { method: "POST", body })).status).toBe(503);
  await fault(captcha, { kind: "slow", milliseconds: 30 });
  const started = performance.now();
  expect(await ask(captcha, "recaptcha", question)).toMatchObject({ success: true });
  expect(performance.now() - started).toBeGreaterThanOrEqual(29);
});

test.each(VENDORS)(
  "the widget of %s fills the form with a token that is valid for its page",
  async (vendor) => {
    const captcha = await open();
    const response = await fetch(`${captcha.origin}/widget.js?vendor=${vendor}`);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const input = runWidget(await response.text(), { sitekey: `sandbox-${vendor}-site`, action: "pay" });
    const question = { secret: `sandbox-${vendor}-secret`, response: input.value };
    expect(await ask(captcha, vendor, question)).toMatchObject({ success: true, hostname: "pay.example" });
    const field = {
      recaptcha: "g-recaptcha-response",
      turnstile: "cf-turnstile-response",
      hcaptcha: "h-captcha-response",
    };
    expect(input).toMatchObject({ name: field[vendor], type: "hidden" });
  },
);

test("an unknown vendor has no widget and no token", async () => {
  const captcha = await open();
  expect((await fetch(`${captcha.origin}/widget.js?vendor=other`)).status).toBe(400);
  const body = JSON.stringify({ vendor: "other" });
  expect((await fetch(`${captcha.origin}/control/token`, { method: "POST", body })).status).toBe(400);
});

async function open(options: CaptchaOptions = {}): Promise<Running> {
  const captcha = await startCaptcha(options);
  onTestFinished(captcha.close);
  return captcha;
}

async function mint(captcha: Running, wish: Record<string, unknown>): Promise<string> {
  const response = await fetch(`${captcha.origin}/control/token`, {
    method: "POST",
    body: JSON.stringify(wish),
  });
  return ((await response.json()) as { token: string }).token;
}

async function ask(captcha: Running, vendor: Vendor, question: Record<string, string>): Promise<unknown> {
  const body = new URLSearchParams(question);
  const response = await fetch(`${captcha.origin}${PATHS[vendor]}`, { method: "POST", body });
  expect(response.status).toBe(200);
  return response.json();
}

function fault(captcha: Running, wish: Record<string, unknown>): Promise<Response> {
  return fetch(`${captcha.origin}/control/faults`, { method: "POST", body: JSON.stringify(wish) });
}

/**
 * Runs the script on a page that holds one form with one place for the widget, and gives back the field it
 * made.
 */
function runWidget(script: string, dataset: Record<string, string>) {
  const input = { name: "", type: "", value: "", isConnected: false };
  const form = { elements: { namedItem: () => null }, append: () => undefined };
  const place = { closest: () => form, dataset, tagName: "DIV", textContent: "" };
  runInNewContext(script, {
    document: { readyState: "complete", querySelectorAll: () => [place], createElement: () => input },
    location: { hostname: "pay.example" },
    TextEncoder,
    btoa,
  });
  expect(place.textContent).toBe("Sandbox captcha: passed");
  return input;
}
