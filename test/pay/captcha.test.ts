import { afterEach, beforeAll, expect, test } from "vitest";
import type { CaptchaMaker } from "../../src/captcha/port.ts";
import { openCaptcha } from "../../src/captcha/siteverify.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { startCaptcha } from "../../src/sandbox/captcha/server.ts";
import type { Running } from "../../src/sandbox/serve.ts";
import { captchaSecretPlace } from "../../src/settings/captcha-place.ts";
import { tokenOf, trouble } from "../captcha/stand-in.ts";
import { useStage } from "../payments/stage.ts";
import { TEST_ORIGIN } from "../support/world.ts";

const FORM = { how: "full", method: "card", receipt: "" };
const FIELDS = {
  recaptcha: "g-recaptcha-response",
  turnstile: "cf-turnstile-response",
  hcaptcha: "h-captcha-response",
} as const;
const stage = useStage();
let makers: Running;

beforeAll(async () => {
  makers = await startCaptcha({});
  stage.stage.cx = {
    ...stage.stage.cx,
    captcha: openCaptcha({ CAPTCHA_API_BASE: makers.origin, PUBLIC_ORIGIN: TEST_ORIGIN }),
  };
  return () => makers.close();
});
afterEach(() => turn("off"));

type Keys = { secret?: string; outage?: "refuse" | "let_through"; place?: string };

async function turn(maker: CaptchaMaker | "off", keys: Keys = {}): Promise<void> {
  const { firmId } = stage.stage.firm;
  const secret = keys.secret ?? `sandbox-${maker}-secret`;
  await stage.inFirm(
    `update firm_settings set captcha = $1, captcha_site_key = $2, captcha_secret_sealed = $3, captcha_outage = $4,
       captcha_trouble = case when $1 = 'off' then null else captcha_trouble end,
       captcha_trouble_at = case when $1 = 'off' then null else captcha_trouble_at end`,
    [
      maker,
      `sandbox-${maker}-site`,
      stage.stage.cx.vault.seal(secret, keys.place ?? captchaSecretPlace(firmId)),
      keys.outage ?? "refuse",
    ],
  );
}

const pageOf = async (link: LinkRow, query = "") =>
  await stage.app().request(`${stage.pathOf(link)}${query}`);
const pay = (link: LinkRow, fields: Record<string, string>) =>
  stage.post(stage.pathOf(link), { ...FORM, ...fields });
const settings = async () => (await stage.inFirm("select * from firm_settings"))[0];

test.each(["recaptcha", "turnstile", "hcaptcha"] as const)(
  "with %s a payer who proves to be a person is led on, once per token",
  async (maker) => {
    await turn(maker);
    const link = await stage.makeLink();
    const token = await tokenOf(makers, maker);
    const answer = await pay(link, { [FIELDS[maker]]: token });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toContain(stage.stage.running.origin);
    const again = await pay(link, { [FIELDS[maker]]: token });
    expect(again.status).toBe(422);
    expect(await again.text()).toContain("The check that you are a person had run out");
  },
);

test.each([
  ["without an answer", undefined, "Answer the check that you are a person before you continue"],
  ["with an invented answer", "invented", "The check that you are a person did not succeed"],
])("%s nobody is led on, and what was typed stays", async (_what, token, sentence) => {
  await turn("recaptcha");
  const link = await stage.makeLink();
  const fields = { receipt: "kept@okafor.example", ...(token ? { [FIELDS.recaptcha]: token } : {}) };
  const answer = await pay(link, fields);
  expect(answer.status).toBe(422);
  const page = await answer.text();
  expect(page).toContain(sentence);
  expect(page).toContain('<a href="#captcha">');
  expect(page).toContain('id="captcha"');
  expect(page).toContain("kept@okafor.example");
  expect(await stage.checkouts(link.id)).toEqual([]);
  expect((await stage.link(link.id)).tried_at).toBeNull();
});

test("a token of another site, another maker or another purpose is refused", async () => {
  await turn("turnstile");
  const link = await stage.makeLink();
  for (const token of [
    await tokenOf(makers, "turnstile", { hostname: "elsewhere.example" }),
    await tokenOf(makers, "turnstile", { action: "signin" }),
    await tokenOf(makers, "recaptcha"),
  ])
    expect((await pay(link, { [FIELDS.turnstile]: token })).status).toBe(422);
  expect(await stage.checkouts(link.id)).toEqual([]);
});

test("a form with another fault keeps its token for the next try", async () => {
  await turn("hcaptcha");
  const link = await stage.makeLink();
  const token = await tokenOf(makers, "hcaptcha");
  expect((await pay(link, { method: "", [FIELDS.hcaptcha]: token })).status).toBe(422);
  expect((await pay(link, { [FIELDS.hcaptcha]: token })).status).toBe(303);
});

test("the page shows the maker's box, lets only the maker's script in, and says what to do without script", async () => {
  await turn("turnstile");
  const response = await pageOf(await stage.makeLink(), "?lang=es");
  const page = await response.text();
  const nonce = /<script src="([^"]+)" nonce="([^"]+)"/.exec(page);
  expect(nonce?.[1]).toBe(`${makers.origin}/turnstile/v0/api.js`);
  expect(page).toContain('data-sitekey="sandbox-turnstile-site"');
  expect(page).toContain('data-language="es"');
  expect(page).toMatch(/<noscript>.*JavaScript.*llame al bufete al \(312\) 555-0142/s);
  expect(page.match(/<script/g)).toHaveLength(1);
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain(`script-src 'nonce-${nonce?.[2]}' ${makers.origin};`);
  expect(policy).toContain(`frame-src ${makers.origin};`);
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

test("only the page with the form shows the box, and only while the captcha is on", async () => {
  await turn("recaptcha");
  const cancelled = await pageOf(await stage.makeLink({ state: "cancelled" }));
  expect(cancelled.headers.get("Content-Security-Policy")).not.toContain(makers.origin);
  expect(await cancelled.text()).not.toContain("<script");
  await turn("off");
  const off = await pageOf(await stage.makeLink());
  expect(off.headers.get("Content-Security-Policy")).not.toContain(makers.origin);
  expect(off.headers.get("Content-Security-Policy")).toContain("require-trusted-types-for 'script'");
  expect(await off.text()).not.toContain("<script");
});

test("a link that takes no payment asks nobody for a proof", async () => {
  await turn("recaptcha");
  const link = await stage.makeLink({ state: "cancelled" });
  expect((await pay(link, {})).headers.get("Location")).toBe(stage.pathOf(link));
});

test("wrong keys are the firm's matter: the payer calls, the firm is told, and it is over with the next person", async () => {
  await turn("recaptcha", { secret: "not-the-secret" });
  const link = await stage.makeLink();
  const answer = await pay(link, { [FIELDS.recaptcha]: await tokenOf(makers, "recaptcha") });
  expect(answer.status).toBe(503);
  const page = await answer.text();
  expect(page).toContain(
    "does not work at the moment. Nothing was charged. Please call the firm at (312) 555-0142.",
  );
  expect(await settings()).toMatchObject({ captcha_trouble: "secret" });
  expect((await stage.link(link.id)).tried_reason).toContain("An administrator can correct them");
  expect(await stage.audit(link.id)).toEqual(["link.tried"]);
  const since = (await settings())?.captcha_trouble_at;
  await pay(link, { [FIELDS.recaptcha]: await tokenOf(makers, "recaptcha") });
  expect((await settings())?.captcha_trouble_at).toEqual(since);
  expect(stage.log.lines.join("\n")).toContain("a captcha's keys do not work");
  expect(stage.log.lines.join("\n")).not.toContain("not-the-secret");
  await turn("recaptcha");
  expect((await pay(link, { [FIELDS.recaptcha]: await tokenOf(makers, "recaptcha") })).status).toBe(303);
  expect(await settings()).toMatchObject({ captcha_trouble: null, captcha_trouble_at: null });
  const changes = await stage.inFirm(
    "select action from audit_event where object_kind = 'settings' order by id",
  );
  expect(changes.map(({ action }) => action)).toEqual(["settings.captchaFails", "settings.captchaWorks"]);
});

test("a secret that does not open is told like a wrong one", async () => {
  await turn("recaptcha", { place: "firm_settings.captcha_secret:another-firm" });
  const link = await stage.makeLink();
  expect((await pay(link, { [FIELDS.recaptcha]: "token" })).status).toBe(503);
  expect(await settings()).toMatchObject({ captcha_trouble: "secret" });
});

test("while the maker is down nobody is let through unchecked", async () => {
  await turn("recaptcha");
  const link = await stage.makeLink();
  await trouble(makers, "down");
  const answer = await pay(link, { [FIELDS.recaptcha]: await tokenOf(makers, "recaptcha") });
  expect(answer.status).toBe(503);
  const page = await answer.text();
  expect(page).toContain("cannot be reached right now. Nothing was charged. Try again in a few minutes");
  expect(page).toContain("call the firm at (312) 555-0142");
  expect(await stage.checkouts(link.id)).toEqual([]);
  expect((await stage.link(link.id)).tried_reason).toContain("did not answer");
});

test("where the firm chose so, payers go on while the maker is down, and the record says it", async () => {
  await turn("recaptcha", { outage: "let_through" });
  const link = await stage.makeLink();
  await trouble(makers, "down");
  const answer = await pay(link, { [FIELDS.recaptcha]: await tokenOf(makers, "recaptcha") });
  expect(answer.status).toBe(303);
  expect(await stage.audit(link.id)).toEqual(["pay.unchecked", "checkout.opened"]);
  // A wrong answer is no outage: it refuses, whatever the firm chose.
  expect((await pay(link, { [FIELDS.recaptcha]: "invented" })).status).toBe(422);
});

test("a firm without a phone is written to, and one without either is just named", async () => {
  await turn("recaptcha");
  const link = await stage.makeLink();
  const sayings: string[] = [];
  for (const phone of ["", null]) {
    await stage.inFirm("update firm_settings set phone = '', contact_email = $1", [
      phone === null ? "" : "billing@marlowkeane.example",
    ]);
    sayings.push(await (await pageOf(link)).text());
  }
  await stage.inFirm(
    "update firm_settings set phone = '(312) 555-0142', contact_email = 'billing@marlowkeane.example'",
  );
  expect(sayings[0]).toContain("or write to the firm at billing@marlowkeane.example.");
  expect(sayings[1]).toContain("or contact the firm.");
});
