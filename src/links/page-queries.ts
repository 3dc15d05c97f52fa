import { type Selectable, sql } from "kysely";
import type { Email } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

// Read for the link's page. Payments and postings belong to later features, which alone write them.

export type LinkFacts = { accountName: string; last4: string; createdByName: string };

export function getLinkFacts(tx: Tx, firmId: string, linkId: string): Promise<LinkFacts> {
  return tx
    .selectFrom("payment_link")
    .innerJoin("merchant_account", (join) =>
      join
        .onRef("merchant_account.firm_id", "=", "payment_link.firm_id")
        .onRef("merchant_account.id", "=", "payment_link.merchant_account_id"),
    )
    .innerJoin("member", (join) =>
      join
        .onRef("member.firm_id", "=", "payment_link.firm_id")
        .onRef("member.id", "=", "payment_link.created_by"),
    )
    .innerJoin("person", "person.id", "member.person_id")
    .select([
      "merchant_account.name as accountName",
      "merchant_account.last4",
      "person.name as createdByName",
    ])
    .where("payment_link.firm_id", "=", firmId)
    .where("payment_link.id", "=", linkId)
    .executeTakeFirstOrThrow();
}

export type AllocationFacts = { statementId: string; number: string; issuedOn: string; askedMinor: bigint };

export function listAllocationFacts(tx: Tx, firmId: string, linkId: string): Promise<AllocationFacts[]> {
  return tx
    .selectFrom("link_allocation")
    .innerJoin("statement", (join) =>
      join
        .onRef("statement.firm_id", "=", "link_allocation.firm_id")
        .onRef("statement.id", "=", "link_allocation.statement_id"),
    )
    .select(["statement.id as statementId", "statement.number", "statement.issued_on as issuedOn"])
    .select("link_allocation.amount_minor as askedMinor")
    .where("link_allocation.firm_id", "=", firmId)
    .where("link_allocation.link_id", "=", linkId)
    .orderBy("link_allocation.position")
    .execute();
}

export type PaymentFacts = {
  id: string;
  reference: string;
  method: "card" | "bank_debit";
  methodLabel: string;
  amountMinor: bigint;
  currency: string;
  refundedMinor: bigint;
  state: "processing" | "succeeded" | "failed";
  dispute: "none" | "open" | "won" | "lost";
  isSurplus: boolean;
  failureReason: string | null;
  at: Date;
  /** The day from which the processor pays it out, and the deposit that it is in. */
  expectedOn: string | null;
  deposit: { id: string; reference: string; arrivesOn: string } | null;
};

/** The payments of a link, newest first. At most one counts; others failed or are surplus. */
export function listLinkPayments(
  tx: Tx,
  firmId: string,
  linkId: string,
  limit: number,
): Promise<PaymentFacts[]> {
  return tx
    .selectFrom("payment")
    .select(["id", "reference", "method_label as methodLabel", "amount_minor as amountMinor", "currency"])
    .select(["refunded_minor as refundedMinor", "state", "dispute", "is_surplus as isSurplus", "method"])
    .select(["failure_reason as failureReason", "expected_on as expectedOn"])
    .select(
      sql<PaymentFacts["deposit"]>`(
        select jsonb_build_object('id', d.id, 'reference', d.reference, 'arrivesOn', d.arrives_on)
        from deposit_line l join deposit d on d.firm_id = l.firm_id and d.id = l.deposit_id
        where l.firm_id = payment.firm_id and l.payment_id = payment.id and l.kind = 'payment' limit 1)`.as(
        "deposit",
      ),
    )
    .select((eb) => eb.fn.coalesce("received_at", "created_at").as("at"))
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
}

export type PostingFacts = {
  statementId: string | null;
  state: "needs_attention" | "ready" | "posting" | "posted" | "reversed" | "set_aside";
};

/** How far each part of a link's payments is written into the matter system. One that is wholly reversed there says so. */
export function listLinkPostings(tx: Tx, firmId: string, linkId: string): Promise<PostingFacts[]> {
  return tx
    .selectFrom("posting")
    .innerJoin("payment", (join) =>
      join.onRef("payment.firm_id", "=", "posting.firm_id").onRef("payment.id", "=", "posting.payment_id"),
    )
    .select("posting.statement_id as statementId")
    .select(
      sql<PostingFacts["state"]>`case when posting.state = 'posted' and posting.amount_minor <= (
        select sum(r.amount_minor) from posting r
        where r.firm_id = posting.firm_id and r.reverses_posting_id = posting.id and r.state = 'posted')
      then 'reversed' else posting.state end`.as("state"),
    )
    .where("posting.firm_id", "=", firmId)
    .where("payment.link_id", "=", linkId)
    .where("posting.kind", "!=", "reversal")
    .orderBy("posting.created_at")
    .execute();
}

export type EmailFacts = Pick<
  Selectable<Email>,
  "kind" | "to_address" | "state" | "reason" | "created_at" | "sent_at" | "opened_at"
>;

/** The emails about a link and its request, newest first; not what members are told of it. */
export function listLinkEmails(
  tx: Tx,
  firmId: string,
  link: { id: string; request_id: string },
  limit: number,
): Promise<EmailFacts[]> {
  return tx
    .selectFrom("email")
    .select(["kind", "to_address", "state", "reason", "created_at", "sent_at", "opened_at"])
    .where("firm_id", "=", firmId)
    .where("kind", "not in", ["notice", "test", "invite"])
    .where((eb) => eb.or([eb("link_id", "=", link.id), eb("request_id", "=", link.request_id)]))
    .orderBy("created_at", "desc")
    .orderBy("to_address")
    .limit(limit)
    .execute();
}
