import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { PaymentRow } from "./queries.ts";

/** What a link asked for and what its sender said that it was for. */
export type Named = {
  /** Whether it says itself on which statements its money lies. */
  hasStatements: boolean;
  invoiceNumber: string;
  /** Minor units and currency that the payer went to the processor with. */
  askedMinor: bigint;
  askedCurrency: string;
  askedAccount: string;
};

/** What the link of a payment named, and what was asked for through it. */
export function getNamed(tx: Tx, payment: PaymentRow): Promise<Named> {
  return tx
    .selectFrom("payment_link as l")
    .innerJoin("merchant_account as m", (join) =>
      join.onRef("m.firm_id", "=", "l.firm_id").onRef("m.id", "=", "l.merchant_account_id"),
    )
    .leftJoin("checkout as c", (join) =>
      join
        .onRef("c.firm_id", "=", "l.firm_id")
        .onRef("c.link_id", "=", "l.id")
        .on("c.id", "=", payment.checkout_id),
    )
    .select((eb) => [
      "l.invoice_number as invoiceNumber",
      eb
        .exists(
          eb
            .selectFrom("link_allocation")
            .select("link_allocation.id")
            .whereRef("link_allocation.firm_id", "=", "l.firm_id")
            .whereRef("link_allocation.link_id", "=", "l.id"),
        )
        .$castTo<boolean>()
        .as("hasStatements"),
      eb.fn.coalesce("c.amount_minor", "l.amount_minor").as("askedMinor"),
      eb.fn.coalesce("c.currency", "l.currency").as("askedCurrency"),
      eb.fn.coalesce("c.processor_account", "m.processor_account").as("askedAccount"),
    ])
    .where("l.firm_id", "=", payment.firm_id)
    .where("l.id", "=", payment.link_id)
    .executeTakeFirstOrThrow();
}

/** The invoice number that the link of a payment named; empty when it named none. */
export async function findInvoiceNumber(tx: Tx, firmId: string, paymentId: string): Promise<string> {
  const row = await tx
    .selectFrom("payment")
    .innerJoin("payment_link", (join) =>
      join
        .onRef("payment_link.firm_id", "=", "payment.firm_id")
        .onRef("payment_link.id", "=", "payment.link_id"),
    )
    .select("payment_link.invoice_number as invoiceNumber")
    .where("payment.firm_id", "=", firmId)
    .where("payment.id", "=", paymentId)
    .executeTakeFirst();
  return row?.invoiceNumber ?? "";
}

/** Whether an allocation has a posting that does not only wait because its payment was one too many. */
export async function isPrepared(tx: Tx, firmId: string, allocationId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("posting")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("allocation_id", "=", allocationId)
    .where("kind", "!=", "reversal")
    .where((eb) =>
      eb.or([eb("problem", "is distinct from", "surplus"), eb("state", "!=", "needs_attention")]),
    )
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * What other payments have laid on a statement that its balance, as we last read it, does not show yet, in minor units: postings on
 * their way, those that may have been written or are entered by hand, and those posted since the last reading began.
 */
export async function sumUnread(tx: Tx, firmId: string, statementId: string): Promise<bigint> {
  const lastRead = sql`(
    select max(run.started_at) from sync_run run
    where run.firm_id = posting.firm_id and run.connection_id = posting.connection_id and run.state = 'done')`;
  const row = await tx
    .selectFrom("posting")
    .select((eb) => eb.fn.coalesce(eb.fn.sum<string>("amount_minor"), sql<string>`0`).as("sum"))
    .where("firm_id", "=", firmId)
    .where("statement_id", "=", statementId)
    .where("kind", "!=", "reversal")
    .where((eb) =>
      eb.or([
        eb("state", "in", ["ready", "posting"]),
        eb.and([eb("state", "=", "needs_attention"), eb("outcome_unknown", "=", true)]),
        // Somebody was asked to enter it there.
        eb.and([eb("state", "=", "needs_attention"), eb("problem", "=", "unsupported")]),
        eb.and([
          eb("state", "=", "posted"),
          // A member's word confirms at once, also before the balance was read again.
          eb.or([eb("confirmed_at", "is", null), eb("posted_by", "<>", "api")]),
          sql<boolean>`coalesce(posted_at >= ${lastRead}, true)`,
        ]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return BigInt(row.sum);
}
