import { invalid } from "../base/error.ts";
import type { CaptchaMaker, Verdict } from "../captcha/port.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { CAPTCHA, findMaker } from "./captcha-keys.ts";
import { captchaSecretPlace } from "./captcha-place.ts";
import { getSettings } from "./queries.ts";
import { saveSection } from "./save-section.ts";
import type { StoredSettings, Typed } from "./section.ts";
import { securitySection } from "./security-section.ts";

/** No token of a browser: a maker that knows the secret answers that this proves nothing. */
const NO_TOKEN = "a-check-of-the-keys";

/**
 * Saves Security. Keys that changed are shown to the captcha's maker first: a secret that it does not know is refused, one that it
 * cannot be asked about is kept: then the answer says so. Throws as `saveSection` does.
 */
export async function saveSecurity(
  cx: MemberContext,
  input: { typed: Typed; seen: string },
): Promise<string | undefined> {
  demand(cx, "settings.manage");
  const stored = await withFirm(cx.database, cx.firmId, (tx) => getSettings(tx, cx.firmId));
  securitySection.read(input.typed, { stored, vault: cx.vault });
  const maker = findMaker(input.typed.captcha ?? "");
  const isNew = maker !== undefined && hasNewKeys(input.typed, stored);
  const remark = isNew ? await askMaker(cx, maker, input.typed, stored) : undefined;
  await saveSection(cx, securitySection, input);
  return remark;
}

function hasNewKeys(typed: Typed, stored: StoredSettings): boolean {
  return typed.secret !== "" || typed.captcha !== stored.captcha || typed.siteKey !== stored.captcha_site_key;
}

async function askMaker(
  cx: MemberContext,
  maker: CaptchaMaker,
  typed: Typed,
  stored: StoredSettings,
): Promise<string | undefined> {
  const { siteKey = "" } = typed;
  const secret = typed.secret || openSecret(cx, stored);
  const verdict = await cx.captcha.verify({ maker, siteKey, secret, token: NO_TOKEN });
  const fault = faultOf(verdict, CAPTCHA[maker].name);
  if (fault) throw invalid(fault);
  if (verdict.verdict !== "down") return undefined;
  cx.log.warn("the keys of a captcha could not be checked", { maker, reason: verdict.reason });
  return `${CAPTCHA[maker].name} did not answer, so its keys could not be checked. Open a payment link and try it.`;
}

function openSecret(cx: MemberContext, stored: StoredSettings): string {
  if (stored.captcha_secret_sealed === null) throw new Error("a captcha without a secret passed the check");
  return cx.vault.open(stored.captcha_secret_sealed, captchaSecretPlace(cx.firmId));
}

function faultOf(verdict: Verdict, name: string): Record<string, string> | undefined {
  if (verdict.verdict !== "unfit") return undefined;
  switch (verdict.reason) {
    case "secret":
      return { secret: `${name} does not know this secret. Copy it again from its page` };
    case "keys_differ":
      return { siteKey: "Site key and secret do not belong together. Copy both from the same entry" };
    case "test_keys":
      return {
        siteKey: `These are public test keys of ${name}, which let everybody through. Enter your own`,
      };
  }
}
