import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { AccountRow } from "../settings/account-queries.ts";
import type { Movement } from "../stripe/movement.ts";
import { ProcessorError } from "../stripe/port.ts";
import { comparePayment, PAYMENT_KINDS, type Side } from "./compare-payment.ts";
import { listOurPayments, type OurPayment } from "./compare-queries.ts";
import { type Finding, listOpenObjects } from "./discrepancy-queries.ts";
import { listKnownPayouts } from "./queries.ts";
import type { Outcome } from "./raise.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The last days are compared; what did not agree before is looked at again however old it is. */
export const WINDOW_MS = 7 * DAY_MS;
/** What is younger may still be on its way to us. */
const SETTLE_MS = 15 * MINUTE_MS;
/** Twenty thousand movements of one account in a week. */
const PAGES_LIMIT = 200;
/** Payments that are read one by one in one run; those that were changed after they were taken. */
const ASKED_LIMIT = 200;
const OPEN_LIMIT = 100;

/** Compares the processor's account with our books over the last days: payments, refunds, disputes and payouts. Throws ProcessorError. */
export async function compareAccount(cx: Context, account: AccountRow): Promise<Outcome> {
  const now = cx.now();
  const range = { since: new Date(now.getTime() - WINDOW_MS), before: new Date(now.getTime() - SETTLE_MS) };
  const movements = await listWindow(cx, account, range.since);
  const { ours, open } = await withFirm(cx.database, account.firm_id, async (tx) => {
    const found = await listOpenObjects(
      tx,
      account.firm_id,
      PAYMENT_KINDS,
      { accountId: account.id },
      OPEN_LIMIT,
    );
    const paymentIntentIds = [...movements.keys(), ...found.map((row) => row.object_id)];
    const wish = { since: range.since, paymentIntentIds };
    return { open: found, ours: await listOurPayments(tx, account.firm_id, account.id, wish) };
  });
  const payments = await comparePayments(cx, account, {
    movements,
    ours: new Map(ours.map((payment) => [payment.payment_intent_id, payment])),
    openIds: new Set(open.map((row) => row.object_id)),
    before: range.before,
  });
  return join(payments, await compareDeposits(cx, account, range));
}

/** What moved at the processor, by payment. What belongs to no payment is in the deposits. */
async function listWindow(
  cx: Context,
  account: AccountRow,
  since: Date,
): Promise<Map<string, readonly Movement[]>> {
  const byIntent = new Map<string, Movement[]>();
  let after: string | undefined;
  for (let page = 0; page < PAGES_LIMIT; page++) {
    const answer = await cx.processor.listMovements(account.processor_account, { since }, after);
    for (const movement of answer.movements) {
      const { paymentIntentId } = movement;
      if (paymentIntentId === undefined) continue;
      byIntent.set(paymentIntentId, [...(byIntent.get(paymentIntentId) ?? []), movement]);
    }
    if (answer.next === undefined) return byIntent;
    after = answer.next;
  }
  cx.log.warn("an account moved more than one comparison reads", { accountId: account.id });
  return byIntent;
}

type Subjects = {
  movements: ReadonlyMap<string, readonly Movement[]>;
  ours: ReadonlyMap<string, OurPayment>;
  openIds: ReadonlySet<string>;
  before: Date;
};

async function comparePayments(cx: Context, account: AccountRow, subjects: Subjects): Promise<Outcome> {
  const ids = new Set([...subjects.movements.keys(), ...subjects.ours.keys(), ...subjects.openIds]);
  const outcome = { examined: [], findings: [] } as {
    examined: Outcome["examined"][number][];
    findings: Finding[];
  };
  let asked = 0;
  for (const id of ids) {
    const mine = subjects.ours.get(id);
    const moved = subjects.movements.get(id) ?? [];
    const listed = sideOf(moved);
    if (!subjects.openIds.has(id) && (isForeign(mine, moved) || isYoung(mine, moved, subjects.before)))
      continue;
    const isPlain = listed !== undefined && moved.length === 1 && !isTouched(mine);
    if (!isPlain && asked >= ASKED_LIMIT) continue;
    if (!isPlain) asked += 1;
    const theirs = isPlain ? listed : await ask(cx, account, id);
    const differences = comparePayment(mine && ourSide(mine), theirs);
    outcome.examined.push(...PAYMENT_KINDS.map((kind) => ({ kind, objectId: id })));
    const about = { objectId: id, accountId: account.id, paymentId: mine?.id };
    outcome.findings.push(...differences.map((difference) => ({ ...about, ...difference })));
  }
  return outcome;
}

/** What the firm took at the processor by itself is no payment of ours. */
function isForeign(mine: OurPayment | undefined, moved: readonly Movement[]): boolean {
  return mine === undefined && !moved.some((movement) => movement.kind === "payment" && movement.isOurs);
}

function isYoung(mine: OurPayment | undefined, moved: readonly Movement[], before: Date): boolean {
  const instants = [
    ...moved.map(({ happenedAt }) => happenedAt),
    ...(mine?.received_at ? [mine.received_at] : []),
  ];
  return instants.some((instant) => instant > before);
}

function isTouched(mine: OurPayment | undefined): boolean {
  return mine !== undefined && (mine.refunded_minor !== 0n || mine.dispute !== "none");
}

function ourSide(payment: OurPayment): Side {
  return {
    amountMinor: payment.amount_minor,
    feeMinor: payment.fee_minor,
    refundedMinor: payment.refunded_minor,
    dispute: payment.dispute,
    hasSucceeded: payment.state === "succeeded",
  };
}

/** A payment that only came in and was never touched is known by its one movement. */
function sideOf(moved: readonly Movement[]): Side | undefined {
  const charge = moved.find((movement) => movement.kind === "payment");
  return (
    charge && {
      amountMinor: charge.grossMinor,
      feeMinor: charge.feeMinor,
      refundedMinor: 0n,
      dispute: "none",
      hasSucceeded: true,
    }
  );
}

async function ask(cx: Context, account: AccountRow, id: string): Promise<Side | undefined> {
  try {
    const payment = await cx.processor.findPayment(account.processor_account, id);
    return { ...payment, hasSucceeded: payment.state === "succeeded" };
  } catch (error) {
    if (error instanceof ProcessorError && error.kind === "missing") return undefined;
    throw error;
  }
}

/** Payouts that our books show otherwise; those that they do not show at all are read by the sweep. */
async function compareDeposits(
  cx: Context,
  account: AccountRow,
  range: { since: Date; before: Date },
): Promise<Outcome> {
  const payouts = await cx.processor.listPayouts(account.processor_account, range.since);
  const settled = payouts.filter(({ madeAt }) => madeAt <= range.before);
  const known = await withFirm(cx.database, account.firm_id, (tx) =>
    listKnownPayouts(
      tx,
      account.firm_id,
      settled.map(({ payoutId }) => payoutId),
    ),
  );
  const byPayout = new Map(known.map((deposit) => [deposit.payout_id, deposit]));
  const findings = settled.flatMap((payout): Finding[] => {
    const deposit = byPayout.get(payout.payoutId);
    if (deposit && deposit.state === payout.state && deposit.amount_minor === payout.amountMinor) return [];
    const facts = {
      ours: deposit?.state ?? null,
      oursMinor: deposit ? String(deposit.amount_minor) : null,
      theirs: payout.state,
      theirsMinor: String(payout.amountMinor),
    };
    const about = { objectId: payout.payoutId, accountId: account.id, depositId: deposit?.id };
    return [{ ...about, kind: "deposit_differs", facts }];
  });
  const examined = settled.map(({ payoutId }) => ({ kind: "deposit_differs" as const, objectId: payoutId }));
  return { examined, findings };
}

function join(first: Outcome, second: Outcome): Outcome {
  return {
    examined: [...first.examined, ...second.examined],
    findings: [...first.findings, ...second.findings],
  };
}
