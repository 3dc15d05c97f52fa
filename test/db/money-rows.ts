import { newId, newReference } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import type { Checkout, Payment, PaymentLink, Posting } from "../../src/db/schema.ts";
import type { Tx } from "../../src/db/tx.ts";
import type { TestFirm } from "../support/world.ts";

// Bare rows, written without the features: to see what the database itself refuses.

const MONTH_MS = 30 * 86_400_000;

type LinkWish = {
  amountMinor: bigint;
  source?: PaymentLink["source"];
  account?: "operating" | "trust";
  requestId?: string;
  predecessorId?: string;
  account_kind?: "operating" | "trust";
  currency?: string;
};

export async function insertLink(tx: Tx, cx: MemberContext, firm: TestFirm, wish: LinkWish): Promise<string> {
  const id = newId();
  const account = wish.account ?? "operating";
  await tx
    .insertInto("payment_link")
    .values({
      firm_id: firm.firmId,
      id,
      reference: newReference("L", 10),
      source: wish.source ?? "matters",
      request_id: wish.requestId ?? newId(),
      merchant_account_id: accountId(firm, account),
      account_kind: wish.account_kind ?? account,
      currency: wish.currency ?? "USD",
      amount_minor: wish.amountMinor,
      state: "outstanding",
      delivery: "not_emailed",
      description: "Invoice",
      payer_name: "Adaeze Okafor",
      predecessor_id: wish.predecessorId ?? null,
      created_by: cx.actor.id,
      expires_at: new Date(Date.now() + MONTH_MS),
    })
    .execute();
  return id;
}

export async function insertAllocation(
  tx: Tx,
  firmId: string,
  linkId: string,
  wish: { statementId: string; amountMinor: bigint; confirmed?: boolean },
): Promise<void> {
  await tx
    .insertInto("link_allocation")
    .values({
      firm_id: firmId,
      id: newId(),
      link_id: linkId,
      statement_id: wish.statementId,
      position: 0,
      amount_minor: wish.amountMinor,
      balance_at_sending_minor: 10_000n,
      above_balance_confirmed: wish.confirmed ?? false,
    })
    .execute();
}

export async function insertCheckout(
  tx: Tx,
  firm: TestFirm,
  wish: { linkId: string; state: Checkout["state"]; amountMinor: bigint },
): Promise<string> {
  const id = newId();
  await tx
    .insertInto("checkout")
    .values({
      firm_id: firm.firmId,
      id,
      link_id: wish.linkId,
      merchant_account_id: firm.operatingAccountId,
      processor_account: firm.processorAccounts.operating,
      amount_minor: wish.amountMinor,
      currency: "USD",
      method: "card",
      state: wish.state,
      expires_at: new Date(Date.now() + MONTH_MS),
    })
    .execute();
  return id;
}

type PaymentWish = {
  linkId: string;
  amountMinor: bigint;
  account?: "operating" | "trust";
  state?: Payment["state"];
  isSurplus?: boolean;
  refundedMinor?: bigint;
  intentId?: string;
  /** What is laid on which statement; null where nobody said so yet. */
  allocations: { statementId: string | null; amountMinor: bigint }[];
};

export async function insertPayment(
  tx: Tx,
  firm: TestFirm,
  wish: PaymentWish,
): Promise<{ id: string; allocationIds: string[] }> {
  const id = newId();
  const account = wish.account ?? "operating";
  await tx
    .insertInto("payment")
    .values({
      firm_id: firm.firmId,
      id,
      reference: newReference("P", 10),
      link_id: wish.linkId,
      merchant_account_id: accountId(firm, account),
      account_kind: account,
      processor_account: firm.processorAccounts[account],
      payment_intent_id: wish.intentId ?? `pi_${newId()}`,
      state: wish.state ?? "succeeded",
      is_surplus: wish.isSurplus ?? false,
      amount_minor: wish.amountMinor,
      refunded_minor: wish.refundedMinor ?? 0n,
      currency: "USD",
      method: "card",
      payer_name: "Adaeze Okafor",
      received_at: new Date(),
    })
    .execute();
  const allocationIds: string[] = [];
  for (const [position, allocation] of wish.allocations.entries()) {
    const allocationId = newId();
    allocationIds.push(allocationId);
    await tx
      .insertInto("payment_allocation")
      .values({
        firm_id: firm.firmId,
        id: allocationId,
        payment_id: id,
        statement_id: allocation.statementId,
        position,
        amount_minor: allocation.amountMinor,
      })
      .execute();
  }
  return { id, allocationIds };
}

type PostingWish = {
  paymentId: string;
  allocationId: string;
  kind: Posting["kind"];
  state?: Posting["state"];
  problem?: Posting["problem"];
  reversesId?: string;
  cause?: string;
  reference?: string;
  amountMinor?: bigint;
};

export async function insertPosting(tx: Tx, firm: TestFirm, wish: PostingWish): Promise<string> {
  const id = newId();
  await tx
    .insertInto("posting")
    .values({
      firm_id: firm.firmId,
      id,
      reference: wish.reference ?? newReference("S", 12),
      payment_id: wish.paymentId,
      allocation_id: wish.allocationId,
      kind: wish.kind,
      reverses_posting_id: wish.reversesId ?? null,
      cause: wish.cause ?? "payment",
      amount_minor: wish.amountMinor ?? 1_000n,
      currency: "USD",
      state: wish.state ?? "needs_attention",
      problem: wish.problem === undefined ? "no_statement" : wish.problem,
    })
    .execute();
  return id;
}

function accountId(firm: TestFirm, account: "operating" | "trust"): string {
  return account === "trust" ? firm.trustAccountId : firm.operatingAccountId;
}
