import { describe, expect, it } from "vitest";
import { captchaSecretPlace } from "../../src/settings/captcha-place.ts";
import { readLifetime, showLifetime } from "../../src/settings/lifetime.ts";
import { getSettings } from "../../src/settings/queries.ts";
import { saveSecurity } from "../../src/settings/save-security.ts";
import { fieldsOf } from "../links/form.ts";
import { openBrowser } from "../postings/browser.ts";
import { useSettingsStage } from "./stage.ts";

const { stage, read, record } = useSettingsStage();
const PATH = "/settings/security";
const TURNSTILE = { captcha: "turnstile", siteKey: "0x4AAAAAAAHnGSite", secret: "0x4AAAAAAAHnGSecretSecret" };

const stored = () => read((tx) => getSettings(tx, stage.firm.firmId));
async function save(change: Record<string, string>) {
  const page = await stage.browser.get(PATH);
  return await stage.browser.post(PATH, { ...fieldsOf(page.document.toString(), PATH), ...change });
}
const openSecret = async () =>
  stage.cx.vault.open((await stored()).captcha_secret_sealed ?? "", captchaSecretPlace(stage.firm.firmId));

describe("how long links live", () => {
  it.each([
    ["15", "minutes", 15 / 1440],
    ["90", "minutes", 0.0625],
    ["12", "hours", 0.5],
    ["30", "days", 30],
    ["365", "days", 365],
  ])("%s %s are %d days, and read back the same after the database", async (amount, unit, days) => {
    expect(readLifetime(amount, unit)).toBeCloseTo(days, 8);
    expect((await save({ lifetime: amount, lifetimeUnit: unit })).status).toBe(303);
    const kept = (await stored()).link_lifetime_days;
    expect(Math.abs(kept - days) * 86_400).toBeLessThan(0.01);
    expect(showLifetime(kept)).toEqual({ amount, unit });
  });

  it.each([
    ["14", "minutes"],
    ["366", "days"],
    ["8761", "hours"],
    ["0", "days"],
    ["-1", "days"],
    ["1.5", "days"],
    ["", "days"],
    ["thirty", "days"],
    ["3", "years"],
  ])("%s %s are refused", async (lifetime, lifetimeUnit) => {
    const answer = await save({ lifetime, lifetimeUnit });
    expect(answer.status).toBe(422);
    expect(answer.document.querySelector("#lifetime-error")?.text).toContain("from 15 minutes to 365 days");
  });
});

describe("the captcha", () => {
  it("takes keys that its maker knows; the secret is sealed, and neither shown nor recorded", async () => {
    stage.asked.length = 0;
    expect((await save(TURNSTILE)).status).toBe(303);
    expect(stage.asked).toEqual([
      { maker: "turnstile", siteKey: TURNSTILE.siteKey, secret: TURNSTILE.secret, token: expect.any(String) },
    ]);
    expect(await stored()).toMatchObject({ captcha: "turnstile", captcha_site_key: TURNSTILE.siteKey });
    expect(await openSecret()).toBe(TURNSTILE.secret);
    const page = await stage.browser.get(PATH);
    expect(page.document.toString()).not.toContain(TURNSTILE.secret);
    expect(page.text).toContain("A secret is stored. Leave this empty to keep it.");
    const last = (await record()).at(-1);
    expect(last).toMatchObject({
      action: "settings.security_changed",
      before: { captcha: "off", siteKey: "" },
      after: { captcha: "turnstile", siteKey: TURNSTILE.siteKey, secret: "replaced" },
    });
    for (const event of await record())
      expect(JSON.stringify([event.before, event.after])).not.toContain(TURNSTILE.secret);
  });

  it("keeps its secret when the box stays empty, and does not ask its maker again", async () => {
    stage.asked.length = 0;
    expect((await save({ outage: "let_through", secret: "" })).status).toBe(303);
    expect(stage.asked).toEqual([]);
    expect(await openSecret()).toBe(TURNSTILE.secret);
    expect((await save({ captcha: "off" })).status).toBe(303);
    expect((await save({ captcha: "turnstile" })).status).toBe(303);
    expect(stage.asked).toMatchObject([{ secret: TURNSTILE.secret }]);
  });

  it("forgets what was wrong with other keys", async () => {
    const trouble = { captcha_trouble: "secret", captcha_trouble_at: new Date() } as const;
    await read((tx) => tx.updateTable("firm_settings").set(trouble).execute());
    expect((await stage.browser.get(PATH)).text).toContain("Payers cannot get past the captcha.");
    expect((await save({ idle: "60" })).status).toBe(303);
    expect(await stored()).toMatchObject({ captcha_trouble: "secret", session_idle_minutes: 60 });
    await save({ secret: "0x4AAAAAAAHnGAnotherSecret" });
    expect(await stored()).toMatchObject({ captcha_trouble: null });
  });

  it("is refused when its maker does not know the keys, and kept when it cannot be asked", async () => {
    for (const [reason, box, words] of [
      ["secret", "secret", "Turnstile does not know this secret"],
      ["keys_differ", "siteKey", "Site key and secret do not belong together"],
      ["test_keys", "siteKey", "These are public test keys of Turnstile"],
    ] as const) {
      stage.verdict = { verdict: "unfit", reason };
      const answer = await save({ secret: "0x4AAAAAAAwrongwrong" });
      expect(answer.status).toBe(422);
      expect(answer.document.querySelector(`#${box}-error`)?.text).toContain(words);
    }
    stage.verdict = { verdict: "down", reason: "no answer" };
    const kept = await save({ secret: "0x4AAAAAAAunasked" });
    expect(kept.status).toBe(303);
    expect(kept.notice).toContain("Turnstile did not answer, so its keys could not be checked");
    expect(await openSecret()).toBe("0x4AAAAAAAunasked");
    stage.verdict = { verdict: "not_proven", reason: "refused" };
  });

  it.each([
    [{ captcha: "friendly" }, "captcha", "Choose a captcha, or none"],
    [{ captcha: "recaptcha", siteKey: "", secret: "" }, "siteKey", "Enter the site key from reCAPTCHA"],
    [
      { captcha: "recaptcha", siteKey: `6L${"x".repeat(38)}`, secret: "" },
      "secret",
      "Enter the secret from reCAPTCHA",
    ],
    [{ captcha: "recaptcha" }, "siteKey", "This is no site key of reCAPTCHA: it has 40 characters"],
    [{ captcha: "hcaptcha" }, "siteKey", "This is no site key of hCaptcha: it has five groups"],
    [{ captcha: "hcaptcha", siteKey: `ES_${"a".repeat(32)}` }, "siteKey", "This is no site key of hCaptcha"],
    [{ siteKey: "with space here" }, "siteKey", "This is no site key of Turnstile"],
    [{ secret: TURNSTILE.siteKey }, "secret", "Site key and secret are the same"],
    [{ outage: "hope" }, "outage", "Choose what happens"],
    [{ idle: "14" }, "idle", "from 15 to 720"],
    [{ idle: "721" }, "idle", "from 15 to 720"],
    [{ idle: "1h" }, "idle", "from 15 to 720"],
  ])("and the rest refuse %j", async (change, box, words) => {
    const before = await stored();
    const answer = await save(change as Record<string, string>);
    expect(answer.status).toBe(422);
    expect(answer.document.querySelector(`#${box}-error`)?.text).toContain(words);
    expect(await stored()).toEqual(before);
  });

  it("is refused to a page that was opened before somebody replaced the secret", async () => {
    const fields = fieldsOf((await stage.browser.get(PATH)).document.toString(), PATH);
    await save({ secret: "0x4AAAAAAAnewestnewest" });
    const answer = await stage.browser.post(PATH, { ...fields, idle: "30" });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("Sign out afterSaved meanwhile: 60 You wrote: 30");
  });

  it("is for administrators of the firm", async () => {
    for (const member of [stage.staff, stage.bookkeeper]) {
      expect((await (await openBrowser(stage.cx, member)).get(PATH)).status).toBe(403);
      await expect(saveSecurity(member, { typed: {}, seen: "" })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const other = await read((tx) => getSettings(tx, stage.other.firmId), stage.other.firmId);
    expect(other).toMatchObject({ captcha: "off", captcha_secret_sealed: null });
  });
});
