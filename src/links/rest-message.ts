import type { Selectable } from "kysely";
import { dayOf } from "../base/day.ts";
import type { Language } from "../base/language.ts";
import { sumMinor } from "../base/money.ts";
import type { FirmContext } from "../context.ts";
import type { FirmSettings } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { defaultMessage } from "../settings/templates.ts";
import type { StatementFacts } from "../statements/queries.ts";
import { endOfLife } from "./make.ts";
import { fillMessage, type MessageFacts, ofStatements } from "./message.ts";
import { findRequestLinks, type LinkRow } from "./queries.ts";

/** What is still asked for, in minor units, and on which statements; none for a link that was typed. */
type Rest = {
  amountMinor: bigint;
  lines: readonly { statement: StatementFacts; amountMinor: bigint }[];
};

/** The places of a message whose words are others for the rest than they were for the first link. */
const STALE = ["{amount}", "{link expiry}", "{statement numbers}"] as const;

/**
 * The message of a link for the rest of another. What somebody wrote stays as long as it names nothing that has changed; a message that
 * names the amount, the last day or the statements of the first link gives way to the firm's own words, filled for the rest.
 */
export async function restMessage(
  tx: Tx,
  cx: FirmContext,
  settings: Selectable<FirmSettings>,
  link: LinkRow,
  rest: Rest & { before: Rest["lines"] },
): Promise<string> {
  const firm = await getFirm(tx, cx.firmId);
  const lastDayFrom = (made: Date) =>
    dayOf(endOfLife(settings, made, { dueOn: link.due_on, timeZone: firm.time_zone }), firm.time_zone);
  const known = {
    firmName: firm.name,
    phone: settings.phone,
    payerName: link.payer_name,
    dueOn: link.due_on ?? undefined,
  };
  const now: MessageFacts = {
    ...known,
    ...factsOf(link, rest.lines),
    amount: { minor: rest.amountMinor, currency: link.currency },
    expiresOn: lastDayFrom(cx.now()),
  };
  // A message speaks of all links of its request, and of the last day as it was before any extension.
  const together = sumMinor(
    (await findRequestLinks(tx, cx.firmId, link.request_id)).map((each) => each.amount_minor),
  );
  const before: MessageFacts[] = [link.amount_minor, together].flatMap((minor) =>
    [dayOf(link.expires_at, firm.time_zone), lastDayFrom(link.created_at)].map((expiresOn) => ({
      ...known,
      ...factsOf(link, rest.before),
      amount: { minor, currency: link.currency },
      expiresOn,
    })),
  );
  const languages: Language[] = ["en", link.language ?? "en"];
  const isStale = languages.some((language) =>
    before.some((facts) => namesOld(link.message, facts, now, language)),
  );
  return isStale ? fillMessage(await defaultMessage(tx, cx.firmId, "en"), now) : link.message;
}

function factsOf(link: LinkRow, lines: Rest["lines"]) {
  if (lines.length > 0) return ofStatements(lines);
  const statementNumbers = link.invoice_number === "" ? [] : [link.invoice_number];
  return { matter: link.matter_label, responsible: "", statementNumbers };
}

/** Whether a message holds the words of one of the places as they were, where they are others now. */
function namesOld(text: string, before: MessageFacts, now: MessageFacts, language: Language): boolean {
  return STALE.some((place) => {
    const [old, fresh] = [fillMessage(place, before, language), fillMessage(place, now, language)];
    return old !== "" && old !== fresh && text.includes(old);
  });
}
