import { record } from "../audit/record.ts";
import { invalid, Problem } from "../base/error.ts";
import type { KeyTrouble, Verdict } from "../captcha/port.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockLink } from "../links/queries.ts";
import { captchaSecretPlace } from "../settings/captcha-place.ts";
import { noteTried } from "./note-tried.ts";
import type { OpenedLink } from "./open.ts";
import { setCaptchaTrouble } from "./queries.ts";
import { waysToFirm } from "./voice.ts";
import type { PayWords } from "./words.ts";

/** The form's field, by which an error finds its place. */
export const CAPTCHA_FIELD = "captcha";

/** What the firm reads in its list of things to do. */
const TRIED = {
  unfit: "The payer was kept away because the captcha’s keys do not work. An administrator can correct them.",
  down: "The payer was kept away because the captcha’s maker did not answer.",
} as const;

type Attempt = { opened: OpenedLink; token: string; words: PayWords };

/**
 * Lets a payer go on who proved to be a person; where the firm's captcha is off, everybody. Throws `invalid` with a sentence for the box,
 * or `unavailable` when nobody can pass: the keys are wrong, which the firm is told, or the maker does not answer. Then payers go on
 * unchecked only where the firm chose so, and the record says it. Asks the maker outside of any transaction.
 */
export async function provePerson(cx: FirmContext, attempt: Attempt): Promise<void> {
  const { settings } = attempt.opened;
  if (settings.captcha === "off") return;
  const verdict = await ask(cx, attempt);
  switch (verdict.verdict) {
    case "person":
      if (settings.captcha_trouble !== null) await noteTrouble(cx, attempt, null);
      return;
    case "not_proven":
      throw invalid({ [CAPTCHA_FIELD]: attempt.words.captcha[verdict.reason] });
    case "unfit":
      return await refuseUnfit(cx, attempt, verdict.reason);
    case "down":
      return await meetOutage(cx, attempt, verdict.reason);
  }
}

async function ask(cx: FirmContext, { opened, token }: Attempt): Promise<Verdict> {
  const { settings, firmId } = opened;
  if (settings.captcha === "off") return { verdict: "person" };
  const secret = openSecret(cx, firmId, settings.captcha_secret_sealed);
  if (secret === undefined) return { verdict: "unfit", reason: "secret" };
  return await cx.captcha.verify({
    maker: settings.captcha,
    siteKey: settings.captcha_site_key,
    secret,
    token,
  });
}

/** A secret that no longer opens is the operator's matter; to the payer it is a captcha that does not work. */
function openSecret(cx: FirmContext, firmId: string, sealed: string | null): string | undefined {
  if (sealed === null) return undefined;
  try {
    return cx.vault.open(sealed, captchaSecretPlace(firmId));
  } catch (error) {
    cx.log.error("a captcha's secret cannot be opened", { firmId }, error);
    return undefined;
  }
}

async function refuseUnfit(cx: FirmContext, attempt: Attempt, trouble: KeyTrouble): Promise<never> {
  const { opened, words } = attempt;
  cx.log.warn("a captcha's keys do not work", { firmId: cx.firmId, maker: opened.settings.captcha, trouble });
  await noteTrouble(cx, attempt, trouble);
  throw new Problem("unavailable", words.captcha.unfit(waysToFirm(words, opened.settings)));
}

async function meetOutage(cx: FirmContext, { opened, words }: Attempt, reason: string): Promise<void> {
  const { settings, link } = opened;
  const letsThrough = settings.captcha_outage === "let_through";
  cx.log.warn("a captcha's maker did not answer", {
    firmId: cx.firmId,
    maker: settings.captcha,
    reason,
    letsThrough,
  });
  await withFirm(cx.database, cx.firmId, async (tx) => {
    if (letsThrough) {
      await record(tx, cx, {
        action: "pay.unchecked",
        objectKind: "link",
        objectId: link.id,
        linkId: link.id,
        after: { maker: settings.captcha, reason },
      });
    } else await noteTried(tx, cx, await lockLink(tx, cx.firmId, link.id), TRIED.down);
  });
  if (!letsThrough) throw new Problem("unavailable", words.captcha.down(waysToFirm(words, settings)));
}

/** Keeps the first moment of a trouble, and records when it comes and when it is over. */
async function noteTrouble(cx: FirmContext, { opened }: Attempt, trouble: KeyTrouble | null): Promise<void> {
  const { settings, link } = opened;
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const locked = await lockLink(tx, cx.firmId, link.id);
    if (trouble !== null) await noteTried(tx, cx, locked, TRIED.unfit);
    if (settings.captcha_trouble === trouble) return;
    await setCaptchaTrouble(tx, cx.firmId, trouble, cx.now());
    await record(tx, cx, {
      action: trouble === null ? "settings.captchaWorks" : "settings.captchaFails",
      objectKind: "settings",
      objectId: cx.firmId,
      before: { trouble: settings.captcha_trouble },
      after: { trouble, maker: settings.captcha },
    });
  });
}
