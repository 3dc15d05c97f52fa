import { randomBytes } from "node:crypto";
import { newId, newReference } from "../../src/base/id.ts";
import { sumMinor } from "../../src/base/money.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { postingJobs } from "../../src/postings/jobs.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import type { TestDatabase } from "../support/database.ts";
import { type FakeOptions, type FakeSystem, makeFakeSystem } from "../support/fake-connector.ts";
import type { TestMatter } from "../support/matter-rows.ts";
import { makeFirm, makeMatter, makeMember, type TestFirm, testContext } from "../support/world.ts";
import { FIRST_TRY } from "./desk-jobs.ts";

/** A firm with a bookkeeper, a connection to a matter system in memory, and a clock that tests may turn on. */
export type Desk = {
  cx: Context;
  firm: TestFirm;
  matter: TestMatter;
  bookkeeper: MemberContext;
  system: FakeSystem;
  clock: { at: number };
};

export async function makeDesk(
  box: TestDatabase,
  statements: Parameters<typeof makeMatter>[2],
  options: FakeOptions = {},
): Promise<Desk> {
  const system = makeFakeSystem(options);
  const clock = { at: Date.now() };
  const registration = { origin: "http://localhost:4999", clientId: "client", clientSecret: "secret" };
  const cx = testContext(box, {
    connectors: new Map([["docket", { connector: system.connector, registration }]]),
    now: () => new Date(clock.at),
  });
  const firm = await makeFirm(cx);
  const matter = await makeMatter(cx, firm.firmId, statements);
  const bookkeeper = await makeMember(cx, firm.firmId, "bookkeeper", "Ines Ferrer");
  return { cx, firm, matter, bookkeeper, system, clock };
}

export type Part = { statementId: string | null; amountMinor: bigint };

/** A payment that has arrived, with the link that asked for it. Returns its id. */
export async function receivePayment(
  desk: Desk,
  parts: Part[],
  facts: {
    kind?: "operating" | "trust";
    isSurplus?: boolean;
    state?: "processing" | "succeeded";
    receivedAt?: Date;
    /** What the link named, and how it was made; by hand unless told. */
    invoiceNumber?: string;
    source?: "matters" | "quick" | "bulk";
    /** What the link asked for, where less came. */
    askedMinor?: bigint;
  } = {},
): Promise<string> {
  const { cx, firm, bookkeeper } = desk;
  const { firmId } = firm;
  const kind = facts.kind ?? "operating";
  const accountId = kind === "trust" ? firm.trustAccountId : firm.operatingAccountId;
  const [linkId, paymentId] = [newId(), newId()];
  const amount = sumMinor(parts.map((part) => part.amountMinor));
  const state = facts.state ?? "succeeded";
  const shared = {
    firm_id: firmId,
    merchant_account_id: accountId,
    account_kind: kind,
    currency: "USD",
    amount_minor: amount,
  };
  await withFirm(cx.database, firmId, async (tx) => {
    await tx
      .insertInto("payment_link")
      .values({
        ...shared,
        id: linkId,
        reference: newReference("LNK", 8),
        amount_minor: facts.askedMinor ?? amount,
        source: facts.source ?? "quick",
        invoice_number: facts.invoiceNumber ?? "",
        request_id: newId(),
        state: "payment_received",
        delivery: "delivered",
        description: "Statements",
        payer_name: "Adaeze Okafor",
        created_by: bookkeeper.actor.id,
        expires_at: new Date(desk.clock.at + 86_400_000),
      })
      .execute();
    await tx
      .insertInto("payment")
      .values({
        ...shared,
        id: paymentId,
        reference: newReference("PAY", 8),
        link_id: linkId,
        processor_account: kind === "trust" ? firm.processorAccounts.trust : firm.processorAccounts.operating,
        payment_intent_id: `pi_${randomBytes(8).toString("hex")}`,
        state,
        is_surplus: facts.isSurplus ?? false,
        method: "card",
        method_label: "Visa ··4242",
        payer_name: "Adaeze Okafor",
        received_at: state === "succeeded" ? (facts.receivedAt ?? new Date(desk.clock.at)) : null,
      })
      .execute();
    await tx
      .insertInto("payment_allocation")
      .values(
        parts.map((part, position) => ({
          firm_id: firmId,
          id: newId(),
          payment_id: paymentId,
          statement_id: part.statementId,
          position,
          amount_minor: part.amountMinor,
        })),
      )
      .execute();
  });
  return paymentId;
}

/** A payment for the desk's statements, whole, with its postings prepared. Returns the postings in the order of the statements. */
export async function receivePosted(
  desk: Desk,
  facts: Parameters<typeof receivePayment>[2] = {},
): Promise<PostingRow[]> {
  const parts = desk.matter.statements.map((each) => ({
    statementId: each.id,
    amountMinor: each.balanceMinor,
  }));
  return await receivePrepared(desk, parts, facts);
}

export async function receivePrepared(
  desk: Desk,
  parts: Part[],
  facts: Parameters<typeof receivePayment>[2] = {},
): Promise<PostingRow[]> {
  const paymentId = await receivePayment(desk, parts, facts);
  await prepare(desk, paymentId);
  return await postingsOf(desk, paymentId);
}

export function prepare(desk: Desk, paymentId: string): Promise<void> {
  return postingJobs["postings.prepare"](desk.cx, { firmId: desk.firm.firmId, paymentIds: [paymentId] });
}

/** Writes what may go through the connection of a posting, as its job does. */
export function write(
  desk: Desk,
  posting: Partial<Pick<PostingRow, "id" | "connection_id">>,
  cx: Context = desk.cx,
): Promise<void> {
  const connectionId = posting.connection_id ?? desk.matter.connectionId;
  const payload = { firmId: desk.firm.firmId, connectionId };
  return postingJobs["postings.write"](cx, payload, FIRST_TRY);
}

/** The postings of a payment in the order of its parts. */
export function postingsOf(desk: Desk, paymentId: string): Promise<PostingRow[]> {
  return withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("posting")
      .innerJoin("payment_allocation", (join) =>
        join
          .onRef("payment_allocation.firm_id", "=", "posting.firm_id")
          .onRef("payment_allocation.id", "=", "posting.allocation_id"),
      )
      .selectAll("posting")
      .where("posting.firm_id", "=", desk.firm.firmId)
      .where("posting.payment_id", "=", paymentId)
      .orderBy("payment_allocation.position")
      .execute(),
  );
}

/** The posting as it stands now. */
export function look(desk: Desk, posting: Pick<PostingRow, "id">): Promise<PostingRow> {
  return withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("posting")
      .selectAll()
      .where("firm_id", "=", desk.firm.firmId)
      .where("id", "=", posting.id)
      .executeTakeFirstOrThrow(),
  );
}

/** Changes the desk's connection. */
export async function setConnection(
  desk: Desk,
  change: {
    state?: "authorized" | "needs_authorization" | "disconnected";
    posting_release?: "automatic" | "manual";
    posted_date?: "payment_date" | "posting_date";
    token_expires_at?: null;
  },
): Promise<void> {
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .updateTable("connection")
      .set(change)
      .where("firm_id", "=", desk.firm.firmId)
      .where("id", "=", desk.matter.connectionId)
      .execute(),
  );
}

/** Changes our copy of a statement. */
export async function setStatement(
  desk: Desk,
  id: string,
  change: { state?: "open" | "paid" | "void"; balance_minor?: bigint; deleted_at?: Date },
): Promise<void> {
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .updateTable("statement")
      .set(change)
      .where("firm_id", "=", desk.firm.firmId)
      .where("id", "=", id)
      .execute(),
  );
}

/** The actions on record about a posting, oldest first. */
export async function historyOf(desk: Desk, posting: Pick<PostingRow, "id">): Promise<string[]> {
  const rows = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("audit_event")
      .select("action")
      .where("firm_id", "=", desk.firm.firmId)
      .where("object_kind", "=", "posting")
      .where("object_id", "=", posting.id)
      .orderBy("id")
      .execute(),
  );
  return rows.map((row) => row.action);
}

/** The first of a list that must have one. */
export function first<Item>(items: readonly Item[]): Item {
  if (items[0] === undefined) throw new Error("the list is empty");
  return items[0];
}
