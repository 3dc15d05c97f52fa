import { invalid } from "../base/error.ts";
import type { CaptchaMaker } from "../captcha/port.ts";
import { CAPTCHA, findMaker } from "./captcha-keys.ts";
import { captchaSecretPlace } from "./captcha-place.ts";
import { readLifetime, showLifetime } from "./lifetime.ts";
import type { Section, StoredSettings, Typed } from "./section.ts";

const IDLE_LEAST_MINUTES = 15;
/** Everybody signs in again after twelve hours, however busy. */
const IDLE_MOST_MINUTES = 720;

/** Captcha, lifetime of links and sessions. */
export const securitySection: Section = {
  key: "security",
  labels: {
    captcha: "Captcha",
    siteKey: "Site key",
    outage: "When the captcha does not answer",
    lifetime: "Links live",
    lifetimeUnit: "Links live, unit",
    idle: "Sign out after",
  },
  show: (stored) => {
    const { amount, unit } = showLifetime(stored.link_lifetime_days);
    return {
      captcha: stored.captcha,
      siteKey: stored.captcha_site_key,
      outage: stored.captcha_outage,
      lifetime: amount,
      lifetimeUnit: unit,
      idle: String(stored.session_idle_minutes),
    };
  },
  hidden: (stored) => stored.captcha_secret_sealed ?? "",
  read: (typed, { stored, vault }) => {
    const faults: Record<string, string> = {};
    const maker = findMaker(typed.captcha ?? "");
    if (!maker && typed.captcha !== "off") faults.captcha = "Choose a captcha, or none";
    if (maker) Object.assign(faults, keyFaults(maker, typed, stored));
    const outage = (["refuse", "let_through"] as const).find((each) => each === typed.outage);
    if (!outage) faults.outage = "Choose what happens when the captcha does not answer";
    const lifetime = readLifetime(typed.lifetime ?? "", typed.lifetimeUnit ?? "");
    if (lifetime === undefined) faults.lifetime = "Enter a whole number, from 15 minutes to 365 days";
    const idle = readIdle(typed.idle ?? "");
    if (idle === undefined)
      faults.idle = `Enter a whole number of minutes, from ${IDLE_LEAST_MINUTES} to ${IDLE_MOST_MINUTES}`;
    if (!outage || lifetime === undefined || idle === undefined || Object.keys(faults).length > 0)
      throw invalid(faults);
    return {
      ...captchaChange(maker, typed, stored, (text) => vault.seal(text, captchaSecretPlace(stored.firm_id))),
      captcha_outage: outage,
      link_lifetime_days: lifetime,
      session_idle_minutes: idle,
    };
  },
};

function keyFaults(maker: CaptchaMaker, typed: Typed, stored: StoredSettings): Record<string, string> {
  const { name, isSiteKey, isSecret, siteKeyLooks, secretLooks } = CAPTCHA[maker];
  const faults: Record<string, string> = {};
  const { siteKey = "", secret = "" } = typed;
  if (siteKey === "") faults.siteKey = `Enter the site key from ${name}`;
  else if (!isSiteKey(siteKey)) faults.siteKey = `This is no site key of ${name}: it has ${siteKeyLooks}`;
  if (secret === "" && !keepsSecret(maker, siteKey, stored)) faults.secret = `Enter the secret from ${name}`;
  else if (secret !== "" && secret === siteKey)
    faults.secret = "Site key and secret are the same. Enter the other key of the pair as the secret";
  else if (secret !== "" && !isSecret(secret))
    faults.secret = `This is no secret of ${name}: it has ${secretLooks}`;
  return faults;
}

/** An empty box keeps what is stored, unless it belongs to another maker. While there is no captcha, the site key tells whose it is. */
function keepsSecret(maker: CaptchaMaker, siteKey: string, stored: StoredSettings): boolean {
  const isSameMaker =
    stored.captcha === "off" ? stored.captcha_site_key === siteKey : stored.captcha === maker;
  return stored.captcha_secret_sealed !== null && isSameMaker;
}

function captchaChange(
  maker: CaptchaMaker | undefined,
  typed: Typed,
  stored: StoredSettings,
  seal: (text: string) => string,
) {
  if (!maker) return { captcha: "off" as const, ...untroubled };
  const { siteKey = "", secret = "" } = typed;
  const isSame = secret === "" && stored.captcha === maker && stored.captcha_site_key === siteKey;
  return {
    captcha: maker,
    captcha_site_key: siteKey,
    ...(secret === "" ? {} : { captcha_secret_sealed: seal(secret) }),
    // What was wrong with other keys says nothing of these.
    ...(isSame ? {} : untroubled),
  };
}

const untroubled = { captcha_trouble: null, captcha_trouble_at: null };

function readIdle(text: string): number | undefined {
  const minutes = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return minutes >= IDLE_LEAST_MINUTES && minutes <= IDLE_MOST_MINUTES ? minutes : undefined;
}
