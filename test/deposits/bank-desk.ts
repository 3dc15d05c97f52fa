import { randomBytes } from "node:crypto";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { Tx } from "../../src/db/tx.ts";
import { depositJobs } from "../../src/deposits/jobs.ts";
import type { DepositRow } from "../../src/deposits/queries.ts";
import type { Movement, MovementKind, PayoutFacts } from "../../src/stripe/movement.ts";
import { type PaymentFacts, type Processor, ProcessorError } from "../../src/stripe/port.ts";
import { type Desk, makeDesk, receivePayment } from "../postings/desk.ts";
import type { TestDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";

const PAGE = 2;

/** What the processor holds, in memory: payouts with what they are made of, and payments as it sees them. */
type FakeBank = {
  payouts: PayoutFacts[];
  /** By payout; `""` holds what is in none yet. */
  movements: Map<string, Movement[]>;
  payments: Map<string, PaymentFacts>;
  calls: { pages: number };
  /** While set every call fails like this. */
  trouble: ProcessorError | undefined;
  /** Once, after so many pages, the reader dies. */
  diesAfterPages: number | undefined;
};

export type BankDesk = Desk & { bank: FakeBank; staff: MemberContext };

/** The desk of the postings with a processor in memory whose pages are short. */
export async function makeBankDesk(
  box: TestDatabase,
  statements: Parameters<typeof makeDesk>[1],
): Promise<BankDesk> {
  const desk = await makeDesk(box, statements);
  const bank: FakeBank = {
    payouts: [],
    movements: new Map(),
    payments: new Map(),
    calls: { pages: 0 },
    trouble: undefined,
    diesAfterPages: undefined,
  };
  const cx = { ...desk.cx, processor: processorOf(bank) };
  const bookkeeper = { ...desk.bookkeeper, processor: cx.processor };
  const staff = await makeMember(cx, desk.firm.firmId, "staff");
  return { ...desk, cx, bookkeeper, staff, bank };
}

/** Works on the rows of the desk's firm. */
export function inFirm<Result>(desk: BankDesk, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return withFirm(desk.cx.database, desk.firm.firmId, work);
}

function processorOf(bank: FakeBank): Processor {
  const check = () => {
    if (bank.trouble) throw bank.trouble;
  };
  const found = {
    findPayout: async (_account: string, id: string) => {
      check();
      const payout = bank.payouts.find(({ payoutId }) => payoutId === id);
      if (!payout) throw new ProcessorError("missing", "no such payout");
      return payout;
    },
    listPayouts: async (_account: string, since: Date) => {
      check();
      return bank.payouts.filter(({ madeAt }) => madeAt >= since).toReversed();
    },
    listMovements: async (
      _account: string,
      wish: { payoutId: string } | { since: Date },
      after: string | undefined,
    ) => {
      check();
      if (bank.diesAfterPages !== undefined && bank.calls.pages >= bank.diesAfterPages) {
        bank.diesAfterPages = undefined;
        throw new Error("the process dies");
      }
      bank.calls.pages += 1;
      const all =
        "payoutId" in wish
          ? (bank.movements.get(wish.payoutId) ?? [])
          : [...bank.movements.values()].flat().filter(({ happenedAt }) => happenedAt >= wish.since);
      const from = after === undefined ? 0 : all.findIndex((each) => each.transactionId === after) + 1;
      const movements = all.slice(from, from + PAGE);
      return { movements, next: from + PAGE < all.length ? movements.at(-1)?.transactionId : undefined };
    },
    findPayment: async (_account: string, id: string) => {
      check();
      const payment = bank.payments.get(id);
      if (!payment) throw new ProcessorError("missing", "no such payment");
      return payment;
    },
  };
  return found as unknown as Processor;
}

/** A payout at the processor, made of some movements. It adds up unless another amount is given. */
export function putPayout(
  desk: BankDesk,
  movements: Movement[],
  facts: Partial<PayoutFacts> = {},
): PayoutFacts {
  const payout: PayoutFacts = {
    payoutId: `po_${randomBytes(6).toString("hex")}`,
    state: "paid",
    amountMinor: movements.reduce((sum, movement) => sum + movement.netMinor, 0n),
    currency: "USD",
    automatic: true,
    contents: "listed",
    arrivesOn: new Date(desk.clock.at).toISOString().slice(0, 10),
    madeAt: new Date(desk.clock.at),
    bankReference: "TRACE123",
    failureReason: undefined,
    ...facts,
  };
  desk.bank.payouts.push(payout);
  desk.bank.movements.set(payout.payoutId, movements);
  return payout;
}

/** Changes a payout that is there. */
export function changePayout(desk: BankDesk, payout: PayoutFacts, change: Partial<PayoutFacts>): PayoutFacts {
  const changed = { ...payout, ...change };
  desk.bank.payouts = desk.bank.payouts.map((each) => (each.payoutId === payout.payoutId ? changed : each));
  return changed;
}

/** One movement of the processor's balance, in minor units. */
export function movement(kind: MovementKind, grossMinor: bigint, facts: Partial<Movement> = {}): Movement {
  const feeMinor = facts.feeMinor ?? 0n;
  return {
    transactionId: `txn_${randomBytes(8).toString("hex")}`,
    kind,
    processorType: kind,
    sourceId: undefined,
    paymentIntentId: undefined,
    isOurs: true,
    grossMinor,
    netMinor: grossMinor - feeMinor,
    currency: "USD",
    description: "",
    happenedAt: new Date(),
    availableOn: "2026-11-19",
    ...facts,
    feeMinor,
  };
}

type Received = { id: string; intent: string };

/** A payment of ours that lies on the desk's first statement, or on none, with the fee that the processor took. */
export async function receive(
  desk: BankDesk,
  amountMinor: bigint,
  facts: Parameters<typeof receivePayment>[2] & { feeMinor?: bigint } = {},
): Promise<Received> {
  const { feeMinor = 0n, ...rest } = facts;
  const id = await receivePayment(desk, [{ statementId: null, amountMinor }], rest);
  const intent = await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const row = await tx
      .updateTable("payment")
      .set({ fee_minor: feeMinor })
      .where("firm_id", "=", desk.firm.firmId)
      .where("id", "=", id)
      .returning("payment_intent_id")
      .executeTakeFirstOrThrow();
    return row.payment_intent_id;
  });
  return { id, intent };
}

function accountOf(desk: BankDesk, kind: "operating" | "trust" = "operating"): string {
  return kind === "trust" ? desk.firm.trustAccountId : desk.firm.operatingAccountId;
}

/** Reads a payout as its job does. */
export async function readNow(
  desk: BankDesk,
  payout: PayoutFacts,
  kind: "operating" | "trust" = "operating",
  cx: Context = desk.cx,
): Promise<DepositRow> {
  const { firmId } = desk.firm;
  await depositJobs["deposits.read"](cx, {
    firmId,
    merchantAccountId: accountOf(desk, kind),
    payoutId: payout.payoutId,
  });
  return await lookAt(desk, payout);
}

export function lookAt(desk: BankDesk, payout: PayoutFacts): Promise<DepositRow> {
  return withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("deposit")
      .selectAll()
      .where("firm_id", "=", desk.firm.firmId)
      .where("payout_id", "=", payout.payoutId)
      .executeTakeFirstOrThrow(),
  );
}

export function linesOf(desk: BankDesk, deposit: DepositRow) {
  return withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("deposit_line")
      .selectAll()
      .where("firm_id", "=", desk.firm.firmId)
      .where("deposit_id", "=", deposit.id)
      .orderBy("happened_at")
      .orderBy("id")
      .execute(),
  );
}

export function differencesOf(desk: BankDesk) {
  return withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("discrepancy")
      .selectAll()
      .where("firm_id", "=", desk.firm.firmId)
      .orderBy("kind")
      .orderBy("object_id")
      .execute(),
  );
}

/** The kinds of what does not agree at the moment. */
export async function openKinds(desk: BankDesk): Promise<string[]> {
  return (await differencesOf(desk)).filter(({ closed_at }) => closed_at === null).map(({ kind }) => kind);
}

/** Compares all sides of the firm, as the timetable does. */
export function compare(desk: BankDesk): Promise<void> {
  return depositJobs["deposits.compareFirm"](desk.cx, { firmId: desk.firm.firmId });
}
