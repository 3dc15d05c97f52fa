import type { Insertable, Updateable } from "kysely";
import { newId } from "../../src/base/id.ts";
import type { Dispute, Refund } from "../../src/db/schema.ts";
import type { Tx } from "../../src/db/tx.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import type { useLinkStage } from "./stage.ts";

type Read = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;
/** What lies on each part of the payment, in order; nothing where nobody has said it yet. */
type Wish<Row> = { laid?: bigint[]; change?: Updateable<Row> };

type Paid = { link: LinkRow; paymentId: string; statementIds: string[] };
type Stage = Pick<ReturnType<typeof useLinkStage>, "issued" | "pay" | "bring">;

/** Makes links over $900.00 and $350.00 that were paid by so much on each, wholly where nothing else is said. */
export function paying({ issued, pay, bring }: Stage) {
  return async (parts: bigint[] = [90_000n, 35_000n]): Promise<Paid> => {
    const { link, matter } = await issued([{ balanceMinor: 90_000n }, { balanceMinor: 35_000n }]);
    const statementIds = matter.statements.map(({ id }) => id);
    const paymentId = await pay(
      link,
      parts.map((amountMinor, index) => ({ statementId: statementIds[index] ?? "", amountMinor })),
    );
    const isWhole = parts.reduce((sum, part) => sum + part, 0n) === link.amount_minor;
    await bring(link.id, isWhole ? "payment_received" : "part_paid");
    return { link, paymentId, statementIds };
  };
}

/** Puts refunds and disputes of payments into the database as the processor's word leaves them. */
export function undoing(read: Read) {
  async function lay(tx: Tx, paymentId: string, cause: object, laid: bigint[]): Promise<void> {
    const parts = await tx
      .selectFrom("payment_allocation")
      .select(["firm_id", "id"])
      .where("payment_id", "=", paymentId)
      .orderBy("position")
      .execute();
    const rows = parts.flatMap((part, index) => {
      const amount_minor = laid[index] ?? 0n;
      const row = { firm_id: part.firm_id, id: newId(), payment_id: paymentId, allocation_id: part.id };
      return amount_minor > 0n ? [{ ...row, amount_minor, ...cause }] : [];
    });
    if (rows.length > 0) await tx.insertInto("undone_part").values(rows).execute();
  }

  const paymentOf = (tx: Tx, id: string) =>
    tx.selectFrom("payment").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

  return {
    /** A refund that arrived, unless `change` says otherwise. Returns its id. */
    refund: (paymentId: string, amountMinor: bigint, { laid, change = {} }: Wish<Refund> = {}) =>
      read(async (tx) => {
        const { firm_id, currency } = await paymentOf(tx, paymentId);
        const id = newId();
        const row: Insertable<Refund> = {
          firm_id,
          id,
          payment_id: paymentId,
          origin: "processor",
          state: "succeeded",
          processor_refund_id: `re_${id}`,
          amount_minor: amountMinor,
          currency,
          turn: 1,
          moved_at: new Date(),
          is_laid: laid !== undefined,
        };
        await tx
          .insertInto("refund")
          .values({ ...row, ...change } as Insertable<Refund>)
          .execute();
        await lay(tx, paymentId, { refund_id: id }, laid ?? []);
        return id;
      }),
    /** A dispute that was lost, unless `change` says otherwise. Returns its id. */
    dispute: (paymentId: string, amountMinor: bigint, { laid, change = {} }: Wish<Dispute> = {}) =>
      read(async (tx) => {
        const { firm_id, currency } = await paymentOf(tx, paymentId);
        const id = newId();
        const row: Insertable<Dispute> = {
          firm_id,
          id,
          payment_id: paymentId,
          processor_dispute_id: `dp_${id}`,
          kind: "chargeback",
          state: "lost",
          amount_minor: amountMinor,
          currency,
          turn: 1,
          moved_at: new Date(),
          is_laid: laid !== undefined,
          opened_at: new Date(),
          closed_at: new Date(),
        };
        await tx
          .insertInto("dispute")
          .values({ ...row, ...change } as Insertable<Dispute>)
          .execute();
        await lay(tx, paymentId, { dispute_id: id }, laid ?? []);
        return id;
      }),
    changeRefund: (id: string, change: Updateable<Refund>) =>
      read((tx) => tx.updateTable("refund").set(change).where("id", "=", id).execute()),
    changeDispute: (id: string, change: Updateable<Dispute>) =>
      read((tx) => tx.updateTable("dispute").set(change).where("id", "=", id).execute()),
  };
}
