import { record } from "../audit/record.ts";
import { newId, newReference } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { AccountRow } from "../settings/account-queries.ts";
import type { MovementPage, PayoutFacts } from "../stripe/movement.ts";
import { insertLines } from "./line-queries.ts";
import { type DepositRow, insertDepositOnce, lockDepositOfPayout, updateDeposit } from "./queries.ts";
import { canMove } from "./state.ts";
import { tieDeposit } from "./tie.ts";

/** 30 random bits: short enough to read out on the telephone. */
const REFERENCE_LENGTH = 6;
/** Ten thousand lines; what is more waits for the next run. */
const PAGES_PER_RUN = 100;

/** Who does what the processor's word makes happen. */
export function processorContext(cx: Context, firmId: string): FirmContext {
  return { ...cx, firmId, actor: { kind: "processor", name: "Card processor" }, requestId: newId() };
}

/**
 * Reads one payout at the processor and what it is made of, page by page; each page is kept before the next is asked for, so that a
 * killed process goes on where it was. Whatever told us to look is only a hint: twice, late or out of order comes to the same end.
 * Throws ProcessorError when the processor cannot be read.
 */
export async function readDeposit(
  cx: Context,
  account: Pick<AccountRow, "firm_id" | "id" | "kind" | "processor_account">,
  payoutId: string,
): Promise<void> {
  const who = processorContext(cx, account.firm_id);
  const readAt = cx.now();
  const payout = await cx.processor.findPayout(account.processor_account, payoutId);
  let deposit = await withFirm(cx.database, who.firmId, (tx) => keep(tx, who, account, payout, readAt));
  for (let page = 0; page < PAGES_PER_RUN && deposit.contents === "reading"; page++) {
    const after = deposit.lines_cursor ?? undefined;
    const found = await cx.processor.listMovements(account.processor_account, { payoutId }, after);
    deposit = await withFirm(cx.database, who.firmId, (tx) => keepPage(tx, who, payoutId, after, found));
  }
  if (deposit.contents !== "reading") return;
  await withFirm(cx.database, who.firmId, (tx) =>
    enqueue(tx, "deposits.read", { firmId: who.firmId, merchantAccountId: account.id, payoutId }),
  );
}

async function keep(
  tx: Tx,
  who: FirmContext,
  account: Pick<AccountRow, "id" | "kind" | "processor_account">,
  payout: PayoutFacts,
  readAt: Date,
): Promise<DepositRow> {
  const isNew = await insertDepositOnce(tx, {
    ...factsOf(payout),
    firm_id: who.firmId,
    id: newId(),
    reference: newReference("D", REFERENCE_LENGTH),
    merchant_account_id: account.id,
    account_kind: account.kind,
    processor_account: account.processor_account,
    payout_id: payout.payoutId,
    state: payout.state,
    amount_minor: payout.amountMinor,
    currency: payout.currency,
    automatic: payout.automatic,
    made_at: payout.madeAt,
    contents: CONTENTS[payout.contents],
    read_at: readAt,
    created_at: who.now(),
  });
  const stored = await lockDepositOfPayout(tx, who.firmId, payout.payoutId);
  if (!stored) throw new Error("a deposit is gone in the transaction that kept it");
  if (isNew) return await noteMade(tx, who, stored);
  // An answer to an earlier question than the last one that was applied says nothing new.
  if (readAt < stored.read_at) return stored;
  return await move(tx, who, stored, payout, readAt);
}

const CONTENTS = { waiting: "waiting", listed: "reading", not_told: "not_told" } as const;

/** What may change as long as a payout lives. */
function factsOf(payout: PayoutFacts) {
  return {
    arrives_on: payout.arrivesOn,
    bank_reference: payout.bankReference ?? null,
    failure_reason: payout.failureReason ?? null,
  };
}

async function noteMade(tx: Tx, who: FirmContext, deposit: DepositRow): Promise<DepositRow> {
  await record(tx, who, {
    action: "deposit.made",
    objectKind: "deposit",
    objectId: deposit.id,
    after: { reference: deposit.reference, state: deposit.state, amountMinor: deposit.amount_minor },
  });
  return deposit.state === "failed" ? await tieDeposit(tx, who, deposit) : deposit;
}

async function move(
  tx: Tx,
  who: FirmContext,
  stored: DepositRow,
  payout: PayoutFacts,
  readAt: Date,
): Promise<DepositRow> {
  const moves = canMove(stored.state, payout.state);
  if (!moves && stored.state !== payout.state) {
    const told = { depositId: stored.id, from: stored.state, to: payout.state };
    who.log.warn("a payout makes a move that is not known; it stays where it is", told);
  }
  const moved = await updateDeposit(tx, who.firmId, stored.id, {
    ...factsOf(payout),
    ...(moves ? { state: payout.state } : {}),
    ...(stored.contents === "waiting" ? { contents: CONTENTS[payout.contents] } : {}),
    read_at: readAt,
  });
  if (!moves) return moved;
  await record(tx, who, {
    action: "deposit.moved",
    objectKind: "deposit",
    objectId: moved.id,
    before: { state: stored.state },
    after: { state: moved.state, ...(moved.failure_reason === null ? {} : { reason: moved.failure_reason }) },
  });
  return await tieDeposit(tx, who, moved);
}

/** Keeps a page and goes on behind it; after the last one the deposit is held against our books. */
async function keepPage(
  tx: Tx,
  who: FirmContext,
  payoutId: string,
  after: string | undefined,
  page: MovementPage,
): Promise<DepositRow> {
  const deposit = await lockDepositOfPayout(tx, who.firmId, payoutId);
  if (!deposit) throw new Error("a deposit is gone while it was read");
  // Another runner came further meanwhile: go on from there.
  const isOvertaken = deposit.contents !== "reading" || (deposit.lines_cursor ?? undefined) !== after;
  if (isOvertaken) return deposit;
  await insertLines(tx, who.firmId, deposit.id, page.movements);
  const isLast = page.next === undefined;
  const kept = await updateDeposit(tx, who.firmId, deposit.id, {
    lines_cursor: page.next ?? null,
    ...(isLast ? { contents: "complete" } : {}),
  });
  return isLast ? await tieDeposit(tx, who, kept) : kept;
}
