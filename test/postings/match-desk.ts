import { withFirm } from "../../src/db/tenant.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import type { TestDatabase } from "../support/database.ts";
import { type Desk, first, makeDesk, postingsOf, prepare, receivePayment } from "./desk.ts";

/** A desk with one open statement. */
export async function openDesk(
  box: TestDatabase,
  balanceMinor = 40_000n,
  kind: "invoice" | "trust_request" = "invoice",
) {
  const desk = await makeDesk(box, [{ balanceMinor, kind }]);
  return { desk, statement: first(desk.matter.statements) };
}

/** A payment of a link that was typed by hand, on no statement yet, prepared. Returns its only posting. */
export async function receiveTyped(
  desk: Desk,
  amountMinor: bigint,
  facts: Parameters<typeof receivePayment>[2],
): Promise<PostingRow> {
  const paymentId = await receivePayment(desk, [{ statementId: null, amountMinor }], facts);
  await prepare(desk, paymentId);
  const [posting, ...others] = await postingsOf(desk, paymentId);
  if (!posting || others.length > 0) throw new Error("a payment has one posting");
  return posting;
}

/** The parts of a payment, and what is on record about it. */
export function paymentFacts(desk: Desk, paymentId: string) {
  return withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const allocations = await tx
      .selectFrom("payment_allocation")
      .select(["statement_id", "amount_minor"])
      .where("payment_id", "=", paymentId)
      .execute();
    const events = await tx
      .selectFrom("audit_event")
      .select("action")
      .where("object_id", "=", paymentId)
      .orderBy("id")
      .execute();
    return { allocations, actions: events.map((event) => event.action) };
  });
}

/** Changes columns of a statement that the desk's own `setStatement` leaves alone. */
export async function renumber(desk: Desk, statementId: string, number: string): Promise<void> {
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .updateTable("statement")
      .set({ number, search_text: number.toLowerCase() })
      .where("id", "=", statementId)
      .execute(),
  );
}
