import type { Selectable } from "kysely";
import type { FirmLogo, Member, Payment } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

/** The firm as its letters show it. */
export type Sender = {
  firmName: string;
  slug: string;
  timeZone: string;
  address: string;
  phone: string;
  contactEmail: string;
  /** Where answers go; the contact address when empty. */
  replyTo: string;
  brandColor: string;
  disclaimer: string;
  copiesToSender: boolean;
  logo: { hash: string; mediaType: FirmLogo["media_type"]; width: number; height: number } | undefined;
};

export async function getSender(tx: Tx, firmId: string): Promise<Sender> {
  const firm = await tx
    .selectFrom("firm")
    .innerJoin("firm_settings", "firm_settings.firm_id", "firm.id")
    .select(["firm.name as firmName", "firm.slug", "firm.time_zone as timeZone"])
    .select(["firm_settings.address", "firm_settings.phone", "firm_settings.contact_email as contactEmail"])
    .select(["firm_settings.brand_color as brandColor", "firm_settings.disclaimer"])
    .select(["firm_settings.reply_to as replyTo", "firm_settings.copies_to_sender as copiesToSender"])
    .where("firm.id", "=", firmId)
    .executeTakeFirstOrThrow();
  const logo = await tx
    .selectFrom("firm_logo")
    .select(["hash", "media_type as mediaType", "width", "height"])
    .where("firm_id", "=", firmId)
    .executeTakeFirst();
  return { ...firm, logo };
}

type MemberFacts = { name: string; role: Member["role"]; state: Member["state"]; email: string };

/** A member, also one who was removed since. */
export function findMember(tx: Tx, firmId: string, memberId: string): Promise<MemberFacts | undefined> {
  return tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select(["person.name", "person.email", "member.role", "member.state"])
    .where("member.firm_id", "=", firmId)
    .where("member.id", "=", memberId)
    .executeTakeFirst();
}

/** The name of a member, also of one who was removed since. */
export async function findMemberName(tx: Tx, firmId: string, memberId: string): Promise<string | undefined> {
  return (await findMember(tx, firmId, memberId))?.name;
}

/** What stands in one line of an email: a statement and the amount asked for or paid on it. */
export type LineFacts = {
  number: string | null;
  kind: "invoice" | "trust_request" | null;
  issuedOn: string | null;
  amountMinor: bigint;
};

/** The lines of a link, in order. */
export function listLinkLines(tx: Tx, firmId: string, linkId: string): Promise<LineFacts[]> {
  return tx
    .selectFrom("link_allocation")
    .innerJoin("statement", (join) =>
      join
        .onRef("statement.firm_id", "=", "link_allocation.firm_id")
        .onRef("statement.id", "=", "link_allocation.statement_id"),
    )
    .select(["statement.number", "statement.kind", "statement.issued_on as issuedOn"])
    .select("link_allocation.amount_minor as amountMinor")
    .where("link_allocation.firm_id", "=", firmId)
    .where("link_allocation.link_id", "=", linkId)
    .orderBy("link_allocation.position")
    .execute();
}

/** The lines of a payment, in order; a part that lies on no statement has no number. */
export function listPaymentLines(tx: Tx, firmId: string, paymentId: string): Promise<LineFacts[]> {
  return tx
    .selectFrom("payment_allocation")
    .leftJoin("statement", (join) =>
      join
        .onRef("statement.firm_id", "=", "payment_allocation.firm_id")
        .onRef("statement.id", "=", "payment_allocation.statement_id"),
    )
    .select(["statement.number", "statement.kind", "statement.issued_on as issuedOn"])
    .select("payment_allocation.amount_minor as amountMinor")
    .where("payment_allocation.firm_id", "=", firmId)
    .where("payment_allocation.payment_id", "=", paymentId)
    .orderBy("payment_allocation.position")
    .execute();
}

export type PaymentRow = Selectable<Payment>;

export function findPayment(tx: Tx, firmId: string, id: string): Promise<PaymentRow | undefined> {
  return tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The links of which their payer was reminded together with this reminder: those of its request, on its day. */
export async function listRemindedWith(tx: Tx, firmId: string, reminderId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom("reminder as named")
    .innerJoin("payment_link as link", (join) =>
      join.onRef("link.firm_id", "=", "named.firm_id").onRef("link.id", "=", "named.link_id"),
    )
    .innerJoin("payment_link as beside", (join) =>
      join.onRef("beside.firm_id", "=", "link.firm_id").onRef("beside.request_id", "=", "link.request_id"),
    )
    .innerJoin("reminder as sent", (join) =>
      join
        .onRef("sent.firm_id", "=", "beside.firm_id")
        .onRef("sent.link_id", "=", "beside.id")
        .onRef("sent.day", "=", "named.day")
        .on("sent.state", "=", "sent"),
    )
    .select("beside.id")
    .where("named.firm_id", "=", firmId)
    .where("named.id", "=", reminderId)
    .execute();
  return rows.map((row) => row.id);
}
