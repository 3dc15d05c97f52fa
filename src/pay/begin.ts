import { conflict, Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Language } from "../base/language.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { type LinkRow, lockLink } from "../links/queries.ts";
import { getAccount } from "../settings/queries.ts";
import { type CheckoutFacts, ProcessorError } from "../stripe/port.ts";
import { closeCheckout } from "./close-checkout.ts";
import { type Begun, createSession } from "./create-session.ts";
import { noteTried } from "./note-tried.ts";
import {
  type CheckoutRow,
  findPayableCheckout,
  insertCheckout,
  type LinkStatement,
  listLinkStatements,
} from "./queries.ts";
import { pageOf } from "./state.ts";
import type { Voice } from "./voice.ts";
import { readWish, type TypedWish, type Wish } from "./wish.ts";
import type { PayWords } from "./words.ts";

/** The processor takes 30 minutes to 24 hours. Long enough for a payer who is called away, short enough to be gone tomorrow. */
const CHECKOUT_LIFETIME_MS = 2 * 3_600_000;
/** A page that has less time left is replaced rather than handed out. */
const LEAST_TIME_LEFT_MS = 5 * 60_000;
/** Each round ends one earlier checkout; more than this many means that several windows fight. */
const ROUNDS_LIMIT = 5;

type BeginInput = {
  linkId: string;
  voice: Pick<Voice, "language" | "words" | "money">;
  typed: TypedWish;
};

type Step =
  | { next: "end"; begun: Begun }
  | { next: "create"; link: LinkRow; checkout: CheckoutRow; isRepeated: boolean }
  | { next: "reuse"; checkout: CheckoutRow }
  | { next: "close"; checkout: CheckoutRow };

/**
 * Leads a payer to the processor's page. A link has one payable checkout at most: the same wish again gets the same page, another
 * wish first ends the earlier checkout at the processor. The checkout is stored before the processor is asked, under the key that makes
 * the same question harmless, and the page's address is stored before it is given away: a crash at any point leaves nothing that could
 * be paid twice. Throws `invalid` for the form, `unavailable` when the processor cannot be asked, `not_found` for another firm's link.
 */
export async function begin(cx: FirmContext, input: BeginInput): Promise<Begun> {
  for (let round = 0; round < ROUNDS_LIMIT; round++) {
    const step = await withFirm(cx.database, cx.firmId, (tx) => decide(tx, cx, input));
    const begun = await followOrSay(cx, step, input.voice.words);
    if (begun) return begun;
  }
  throw conflict(input.voice.words.trouble.windows);
}

async function decide(tx: Tx, cx: FirmContext, input: BeginInput): Promise<Step> {
  const link = await lockLink(tx, cx.firmId, input.linkId);
  if (pageOf(link, cx.now()) !== "payable") return end({ outcome: "closed", checkoutId: undefined });
  const account = await getAccount(tx, cx.firmId, link.merchant_account_id);
  if (account.archived_at !== null) throw new Problem("unavailable", input.voice.words.trouble.account);
  const { language } = input.voice;
  const wish = readWish(link, account.methods, input.typed, input.voice);
  const changed = (await listLinkStatements(tx, cx.firmId, link.id)).find(isChanged);
  if (changed) {
    await noteTried(tx, cx, link, `Statement ${changed.number} changed since the link was sent.`);
    return end({ outcome: "changed" });
  }
  const earlier = await findPayableCheckout(tx, cx.firmId, link.id);
  if (!earlier) {
    const checkout = await insertCheckout(
      tx,
      newCheckout(cx, link, account.processor_account, wish, language),
    );
    return { next: "create", link, checkout, isRepeated: false };
  }
  if (!serves(earlier, wish, language, cx.now())) return { next: "close", checkout: earlier };
  if (earlier.state === "open") return { next: "reuse", checkout: earlier };
  return { next: "create", link, checkout: earlier, isRepeated: true };
}

/** What the processor did not answer is no defect of ours: the payer reads that nothing was charged. */
async function followOrSay(cx: FirmContext, step: Step, words: PayWords): Promise<Begun | undefined> {
  try {
    return await follow(cx, step, words);
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error;
    cx.log.warn("the processor could not be asked about a checkout", { kind: error.kind, code: error.code });
    throw new Problem("unavailable", words.trouble.unreachable);
  }
}

/** Does what was decided, outside of any transaction. Undefined: decide again. */
async function follow(cx: FirmContext, step: Step, words: PayWords): Promise<Begun | undefined> {
  switch (step.next) {
    case "end":
      return step.begun;
    case "create":
      return await createSession(cx, step, words);
    case "reuse":
      return await reuse(cx, step.checkout, words);
    case "close":
      return await close(cx, step.checkout, words);
  }
}

async function close(cx: FirmContext, checkout: CheckoutRow, words: PayWords): Promise<Begun | undefined> {
  const closed = await closeCheckout(cx, checkout);
  if (closed === "open") throw new Problem("unavailable", words.trouble.stillOpen);
  return closed === "complete" ? { outcome: "closed", checkoutId: checkout.id } : undefined;
}

/** An open page may have been paid or have run out while we were not told. */
async function reuse(cx: FirmContext, checkout: CheckoutRow, words: PayWords): Promise<Begun | undefined> {
  const facts = await findSession(cx, checkout);
  const url = facts?.url ?? checkout.session_url;
  if (facts?.status === "open" && url !== null) return { outcome: "redirect", url };
  return await close(cx, checkout, words);
}

async function findSession(cx: FirmContext, checkout: CheckoutRow): Promise<CheckoutFacts | undefined> {
  if (checkout.session_id === null) return undefined;
  try {
    return await cx.processor.findCheckout(checkout.processor_account, checkout.session_id);
  } catch (error) {
    if (error instanceof ProcessorError && error.kind === "missing") return undefined;
    throw error;
  }
}

function serves(checkout: CheckoutRow, wish: Wish, language: Language, now: Date): boolean {
  return (
    checkout.amount_minor === wish.amountMinor &&
    checkout.method === wish.method &&
    checkout.receipt_email === (wish.receiptEmail ?? null) &&
    checkout.language === language &&
    checkout.expires_at.getTime() - now.getTime() > LEAST_TIME_LEFT_MS
  );
}

/** Paid, voided or lowered below what the link asks for. A line that was meant to exceed the balance needs only the balance it had. */
function isChanged(statement: LinkStatement): boolean {
  const { amountMinor, balanceMinor, balanceAtSendingMinor } = statement;
  const isTooLow = balanceMinor < amountMinor && balanceMinor < balanceAtSendingMinor;
  return statement.isDeleted || statement.state !== "open" || isTooLow;
}

function newCheckout(
  cx: FirmContext,
  link: LinkRow,
  processorAccount: string,
  wish: Wish,
  language: Language,
) {
  const now = cx.now();
  return {
    firm_id: cx.firmId,
    id: newId(),
    link_id: link.id,
    merchant_account_id: link.merchant_account_id,
    processor_account: processorAccount,
    amount_minor: wish.amountMinor,
    currency: link.currency,
    method: wish.method,
    receipt_email: wish.receiptEmail ?? null,
    language,
    state: "preparing" as const,
    expires_at: new Date(now.getTime() + CHECKOUT_LIFETIME_MS),
    created_at: now,
    updated_at: now,
  };
}

function end(begun: Begun): Step {
  return { next: "end", begun };
}
