import { newId } from "../base/id.ts";
import { resultOf, stepOn } from "../base/settled.ts";
import type { Context, FirmContext } from "../context.ts";
import { eachTogether } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { type LinkRow, lockLink } from "../links/queries.ts";
import { noteTried } from "../pay/note-tried.ts";
import { type CheckoutRow, changeCheckout, findCheckout } from "../pay/queries.ts";
import { statesBefore } from "../pay/state.ts";
import type { PaymentFacts } from "../stripe/port.ts";
import { type Facts, type Hint, readFacts } from "./read-facts.ts";
import { recordPayment } from "./record-payment.ts";
import { readingOf } from "./state.ts";

export type Subject = Hint & { firmId: string };

/** For the inbox and the log. `unrelated`: nothing of ours, such as a payment that the firm took at the processor by itself. */
export type Settled = "recorded" | "unchanged" | "tried" | "expired" | "unrelated";

/**
 * Brings our books in line with the processor's. Whatever told us to look (a webhook, the payer's return, the sweep) is only a hint: the
 * objects are read again, then one transaction that holds the link's lock writes payment, link, checkout, record and jobs. Twice, late,
 * out of order, or before our own row knows its session: the end is the same. Throws ProcessorError when the processor cannot be read.
 */
export async function settlePayment(cx: Context, subject: Subject): Promise<Settled> {
  const [result] = await settlePayments(cx, subject.firmId, [subject]);
  return resultOf(result);
}

/**
 * The same for many hints of a firm in a few transactions, with an outcome for each in their order; a failure concerns its own only.
 * Hints at one payment are read and written once, and have one outcome.
 */
export async function settlePayments(
  cx: Context,
  firmId: string,
  hints: readonly Hint[],
): Promise<PromiseSettledResult<Settled>[]> {
  const byPayment = Map.groupBy(hints, keyOf);
  const facts = await readFacts(cx, firmId, [...byPayment.values()].map(inOne));
  const settled = await stepOn(facts, (all) => applyAll(cx, firmId, all));
  const outcomes = new Map([...byPayment.keys()].map((key, index) => [key, settled[index]]));
  return hints.map((hint) => {
    const outcome = outcomes.get(keyOf(hint));
    if (!outcome) throw new Error("a hint was not looked at");
    return outcome;
  });
}

function keyOf({ processorAccount, paymentIntentId, sessionId }: Hint): string {
  return [processorAccount, paymentIntentId ?? sessionId ?? ""].join(" ");
}

/** A payment has one session; some of its events name it, others do not. */
function inOne(hints: readonly Hint[]): Hint {
  const [first] = hints;
  if (!first) throw new Error("a group has at least one");
  return { ...first, sessionId: hints.find(({ sessionId }) => sessionId !== undefined)?.sessionId };
}

type Placed = { index: number; linkId: string; facts: Facts };

/** Writes what was read, each in a turn that has its link at most once. What is of none of our links is left alone. */
async function applyAll(
  cx: Context,
  firmId: string,
  all: readonly Facts[],
): Promise<PromiseSettledResult<Settled>[]> {
  const settled = all.map((): PromiseSettledResult<Settled> => ({ status: "fulfilled", value: "unrelated" }));
  for (const turn of turnsOf(all)) {
    const results = await eachTogether(cx.database, firmId, turn, (tx, placed) => {
      const actor = { kind: "processor", name: "Card processor" } as const;
      return apply(tx, { ...cx, firmId, actor, requestId: newId() }, placed);
    });
    for (const [at, result] of results.entries()) {
      const placed = turn[at];
      if (placed) settled[placed.index] = result;
    }
  }
  return settled;
}

/** Two payments of one link are written one after the other: whether the second is too much hangs on the first. */
function turnsOf(all: readonly Facts[]): Placed[][] {
  const placed = all.flatMap((facts, index) =>
    facts.linkId === undefined ? [] : [{ index, linkId: facts.linkId, facts }],
  );
  const turns: Placed[][] = [];
  for (const ofLink of Map.groupBy(placed, ({ linkId }) => linkId).values())
    for (const [turn, each] of ofLink.entries()) turns[turn] = [...(turns[turn] ?? []), each];
  return turns;
}

async function apply(tx: Tx, who: FirmContext, { linkId, facts }: Placed): Promise<Settled> {
  // The link first, then its checkout: the order in which everybody locks them.
  const link = await lockLink(tx, who.firmId, linkId);
  const checkout =
    facts.checkoutId === undefined ? undefined : await findCheckout(tx, who.firmId, facts.checkoutId);
  const reading = readingOf(facts.payment, facts.session);
  if (checkout) await keepReading(tx, who, checkout, facts);
  if (facts.payment && (reading === "processing" || reading === "succeeded" || reading === "failed")) {
    if (checkout) await moveCheckout(tx, who, checkout, "completed");
    const isNew = await recordPayment(tx, who, {
      link,
      checkout,
      facts,
      payment: facts.payment,
      state: reading,
    });
    return isNew ? "recorded" : "unchanged";
  }
  if (facts.payment && reading === "tried") return await recordTry(tx, who, link, facts.payment);
  if (checkout && facts.session?.status === "expired")
    return (await moveCheckout(tx, who, checkout, "expired")) ? "expired" : "unchanged";
  return "unchanged";
}

/** Notes that the processor was asked, and the session where the row does not know it yet. */
async function keepReading(tx: Tx, who: FirmContext, checkout: CheckoutRow, facts: Facts): Promise<void> {
  const sessionId = checkout.session_id ?? facts.session?.sessionId ?? null;
  await changeCheckout(tx, who.firmId, checkout.id, [checkout.state], {
    read_at: facts.readAt,
    session_id: sessionId,
  });
}

function moveCheckout(
  tx: Tx,
  who: FirmContext,
  checkout: CheckoutRow,
  to: "completed" | "expired",
): Promise<boolean> {
  const change = { state: to, updated_at: who.now() };
  return changeCheckout(tx, who.firmId, checkout.id, statesBefore(to), change);
}

/** A declined attempt is shown to the firm once; an older one never hides a newer. */
async function recordTry(tx: Tx, who: FirmContext, link: LinkRow, payment: PaymentFacts): Promise<Settled> {
  const triedAt = payment.triedAt ?? who.now();
  const reason = payment.failureReason ?? "The payment was declined.";
  const isKnown =
    link.tried_at !== null &&
    (link.tried_at >= triedAt || (payment.triedAt === undefined && link.tried_reason === reason));
  if (link.state !== "outstanding" || isKnown) return "unchanged";
  await noteTried(tx, who, link, reason, triedAt);
  return "tried";
}
