import { addDays, dayOf } from "../base/day.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { fillMessage } from "../links/message.ts";
import { getFirm } from "../settings/queries.ts";
import { hasGreeting, readTemplate, TEMPLATE_USES } from "../settings/templates.ts";
import type { Sender } from "./facts-queries.ts";
import { type Composed, type LetterBlock, toParagraphs } from "./letter.ts";
import type { EmailRow } from "./queries.ts";
import { type Tongue, tongueOf } from "./words.ts";

const PAYER = "Elena Vasquez";
const MATTER = "Vasquez v. Dunmore";
const ATTORNEY = "Joanne Marlow";
const REFERENCE = "PAY-EXAMPLE";
const CARD = "Visa ··4242";
const DUE_IN_DAYS = 14;
const EXPIRES_IN_DAYS = 44;
/** In minor units; together they are the amount. */
const STATEMENTS = [
  { number: "INV-1041", issuedDaysAgo: 30, amountMinor: 184_000n },
  { number: "INV-1057", issuedDaysAgo: 9, amountMinor: 100_000n },
] as const;
const AMOUNT_MINOR = 284_000n;

/**
 * A letter as payers get it, with example values, for the administrator who wrote its words. It says that it is a test, asks for
 * nothing and leads nowhere. Undefined when the email names no use.
 */
export async function testLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
): Promise<Composed | undefined> {
  const use = TEMPLATE_USES.find((each) => each === email.topic);
  if (!use) return undefined;
  const tongue = tongueOf(email.language ?? "en");
  const today = dayOf(cx.now(), sender.timeZone);
  const money = { minor: AMOUNT_MINOR, currency: (await getFirm(tx, cx.firmId)).currency };
  const template = await readTemplate(tx, cx.firmId, use, tongue.language);
  const dueOn = addDays(today, use === "reminder_after" ? -DUE_IN_DAYS : DUE_IN_DAYS);
  const expiresOn = addDays(today, EXPIRES_IN_DAYS);
  const facts = {
    firmName: sender.firmName,
    phone: sender.phone,
    payerName: PAYER,
    matter: MATTER,
    responsible: ATTORNEY,
    amount: money,
    dueOn,
    statementNumbers: STATEMENTS.map((statement) => statement.number),
    expiresOn,
  };
  const fill = (text: string) => fillMessage(text, facts, tongue.language);
  const subject = fill(template.subject);
  const body = fill(template.body);
  const isAsked = use === "request" || use === "reminder_before" || use === "reminder_after";
  const block = exampleBlock(tongue, money.currency, today, faceOf(tongue, use, dueOn, today));
  const { words } = tongue;
  return {
    subject: `Test: ${subject}`,
    letter: {
      tongue,
      title: subject,
      mark: "This is a test. Payer, amounts and dates are examples; nothing was asked for and nothing was paid.",
      preview: `${block.amount}${block.note === undefined ? "" : `, ${block.note}`}`,
      greeting: hasGreeting(body) ? undefined : words.dear(PAYER),
      paragraphs: [...toParagraphs(body), ...(use === "bank_failed" ? [words.tryAgain] : [])],
      blocks: [block],
      link: undefined,
      notes: isAsked ? [words.expires(tongue.longDay(expiresOn)), words.unsure] : [],
      sentBy: undefined,
    },
  };
}

type Face = { caption: string; note: string; button: string };

function faceOf(tongue: Tongue, use: (typeof TEMPLATE_USES)[number], dueOn: string, today: string): Face {
  const { words, longDay } = tongue;
  const paid = `${longDay(today)}, ${CARD}, ${words.reference(REFERENCE)}`;
  switch (use) {
    case "receipt":
      return { caption: words.received, note: paid, button: words.seeReceipt };
    case "on_its_way":
      return { caption: words.underWay, note: paid, button: words.seePayment };
    case "bank_failed":
      return { caption: words.notCompleted, note: paid, button: words.payAgain };
    default:
      return { caption: words.amountDue, note: words.due(longDay(dueOn)), button: words.pay };
  }
}

function exampleBlock(tongue: Tongue, currency: string, today: string, face: Face): LetterBlock {
  const { words, money, shortDay } = tongue;
  return {
    caption: face.caption,
    amount: money({ minor: AMOUNT_MINOR, currency }),
    note: face.note,
    lines: STATEMENTS.map((statement) => ({
      label: words.statement(statement.number),
      note: words.issued(shortDay(addDays(today, -statement.issuedDaysAgo))),
      amount: money({ minor: statement.amountMinor, currency }),
    })),
    button: { label: face.button, url: undefined },
  };
}
