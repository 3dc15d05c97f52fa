import { sql } from "kysely";
import { newId, newReference } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { toRecordset } from "../../src/db/recordset.ts";
import { insertRows } from "../../src/db/rows.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { enqueueNew } from "../../src/inbox/receive.ts";
import type { PaymentFacts } from "../../src/stripe/port.ts";
import { asOwner, type TestDatabase } from "../support/database.ts";
import { makeMatter, makeMember, type TestFirm } from "../support/world.ts";

const AMOUNT_MINOR = 12_345n;

/** `payments` is what the processor would say of each payment. */
export type Bench = {
  box: TestDatabase;
  cx: Context;
  firms: TestFirm[];
  payments: Map<string, PaymentFacts>;
};

/**
 * Links with their statements and a checkout each, what the processor knows of each payment, and its webhook in the inbox, with the job
 * that acts on what is new there.
 */
export async function storeWebhooks(bench: Bench, firm: TestFirm, count: number): Promise<void> {
  const { cx } = bench;
  const { firmId } = firm;
  const member = await makeMember(cx, firmId, "staff");
  const wishes = Array.from({ length: count }, () => ({ balanceMinor: AMOUNT_MINOR }));
  const matter = await makeMatter(cx, firmId, wishes);
  const wanted = matter.statements.map((statement) => ({
    statementId: statement.id,
    linkId: newId(),
    checkoutId: newId(),
    eventId: newId(),
    intentId: `pi_${newId()}`,
  }));
  for (const each of wanted) bench.payments.set(each.intentId, factsOf(each));
  await withFirm(cx.database, firmId, async (tx) => {
    await insertRows(
      tx,
      "payment_link",
      wanted.map(({ linkId }) => linkRow(firm, linkId, member.actor.id)),
    );
    await insertRows(
      tx,
      "link_allocation",
      wanted.map(({ linkId, statementId }) => ({
        firm_id: firmId,
        id: newId(),
        link_id: linkId,
        statement_id: statementId,
        position: 0,
        amount_minor: AMOUNT_MINOR,
        balance_at_sending_minor: AMOUNT_MINOR,
      })),
    );
    await insertRows(
      tx,
      "checkout",
      wanted.map(({ linkId, checkoutId }) => checkoutRow(firm, linkId, checkoutId)),
    );
    await sql`insert into inbox_event (firm_id, id, source, external_id, type, account, payload)
      select ${firmId}, id, 'stripe', 'evt_' || id, 'payment_intent.succeeded', ${firm.processorAccounts.operating},
        jsonb_build_object('paymentIntentId', intent)
      from jsonb_to_recordset(${toRecordset(wanted, (each) => ({ id: each.eventId, intent: each.intentId }))}::jsonb)
        as r (id uuid, intent text)`.execute(tx);
    await enqueueNew(tx, firmId);
  });
}

function linkRow(firm: TestFirm, id: string, memberId: string) {
  return {
    firm_id: firm.firmId,
    id,
    reference: newReference("SFP", 10),
    source: "matters" as const,
    request_id: newId(),
    merchant_account_id: firm.operatingAccountId,
    account_kind: "operating" as const,
    currency: "USD",
    amount_minor: AMOUNT_MINOR,
    state: "outstanding" as const,
    delivery: "sent" as const,
    description: "Statements",
    payer_name: "Adaeze Okafor",
    payer_emails: ["a.okafor@okaforlogistics.example"],
    created_by: memberId,
    expires_at: new Date(Date.now() + 86_400_000),
  };
}

function checkoutRow(firm: TestFirm, linkId: string, id: string) {
  return {
    firm_id: firm.firmId,
    id,
    link_id: linkId,
    merchant_account_id: firm.operatingAccountId,
    processor_account: firm.processorAccounts.operating,
    amount_minor: AMOUNT_MINOR,
    currency: "USD",
    method: "card" as const,
    receipt_email: "a.okafor@okaforlogistics.example",
    state: "open" as const,
    session_id: `cs_${id}`,
    session_url: "https://checkout.example",
    expires_at: new Date(Date.now() + 1_800_000),
  };
}

function factsOf(paid: { intentId: string; checkoutId: string; linkId: string }): PaymentFacts {
  return {
    paymentIntentId: paid.intentId,
    state: "succeeded",
    amountMinor: AMOUNT_MINOR,
    currency: "USD",
    chargeId: `ch_${paid.intentId}`,
    method: "card",
    methodLabel: "Visa ··4242",
    payerName: "Adaeze Okafor",
    payerEmail: "a.okafor@okaforlogistics.example",
    failureReason: undefined,
    triedAt: new Date(),
    feeMinor: 350n,
    refundedMinor: 0n,
    dispute: "none",
    checkoutId: paid.checkoutId,
    linkId: paid.linkId,
    paidAt: new Date(),
  };
}

/** So many payments with their links, parts and postings, as years would leave them, in the first firm. */
export async function storePayments({ box, cx, firms }: Bench, count: number): Promise<void> {
  const [firm] = firms;
  if (!firm) throw new Error("there is no firm");
  const member = await makeMember(cx, firm.firmId, "staff");
  const matter = await makeMatter(cx, firm.firmId, [{ balanceMinor: AMOUNT_MINOR }]);
  await withFirm(cx.database, firm.firmId, async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx);
    await sql`create temporary table stored on commit drop as
      select gen_random_uuid() as link, gen_random_uuid() as payment, gen_random_uuid() as part, n
      from generate_series(1, ${count}::int) n`.execute(tx);
    await sql`insert into payment_link (firm_id, id, reference, source, request_id, merchant_account_id, account_kind, currency,
        amount_minor, state, delivery, description, payer_name, created_by, expires_at)
      select ${firm.firmId}, link, 'OLD-' || link, 'quick', link, ${firm.operatingAccountId}, 'operating', 'USD', 10000,
        'payment_received', 'delivered', 'Statements', 'Payer', ${member.actor.id}, now() from stored`.execute(
      tx,
    );
    await sql`insert into payment (firm_id, id, reference, link_id, merchant_account_id, account_kind, processor_account,
        payment_intent_id, state, amount_minor, currency, method, payer_name, received_at)
      select ${firm.firmId}, payment, 'OLD-' || payment, link, ${firm.operatingAccountId}, 'operating',
        ${firm.processorAccounts.operating}, 'pi_' || payment, 'succeeded', 10000, 'USD', 'card', 'Payer', now() from stored`.execute(
      tx,
    );
    await sql`insert into payment_allocation (firm_id, id, payment_id, statement_id, position, amount_minor)
      select ${firm.firmId}, part, payment, ${matter.statements[0]?.id}, 0, 10000 from stored`.execute(tx);
    await sql`insert into posting (firm_id, id, reference, payment_id, allocation_id, kind, connection_id, statement_id,
        amount_minor, currency, state, posted_by, posted_at, confirmed_at)
      select ${firm.firmId}, gen_random_uuid(), 'OLD-' || part, payment, part, 'payment', ${matter.connectionId},
        ${matter.statements[0]?.id}, 10000, 'USD', 'posted', 'api', now(), now() from stored`.execute(tx);
  });
  // What PostgreSQL does by itself within a minute of a load.
  await asOwner(box, "vacuum (analyze)");
}
