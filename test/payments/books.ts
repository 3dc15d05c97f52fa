import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { layUndone, type UndoneKind } from "../../src/payments/lay-undone.ts";
import { recordUndone } from "../../src/payments/record-undone.ts";
import { requestRefund } from "../../src/payments/request-refund.ts";
import { postingJobs } from "../../src/postings/jobs.ts";
import type { DisputeFacts, RefundFacts } from "../../src/stripe/undone.ts";
import { FIRST_TRY } from "../postings/desk-jobs.ts";
import { makeFakeSystem } from "../support/fake-connector.ts";
import { makeMember } from "../support/world.ts";
import { useUndone } from "./undone-stage.ts";

/** The stage of what undoes payments, with a matter system into which its postings go. Refunds of debits stay under way. */
export function useBooks() {
  const system = makeFakeSystem();
  const stage = useUndone({ followUpDelayMilliseconds: 3_600_000, system });
  const member = (): Promise<MemberContext> =>
    makeMember(stage.stage.cx, stage.stage.firm.firmId, "bookkeeper", "Ines Ferrer");
  const typedOf = async (linkId: string, amounts: string[]) => {
    const [payment] = await stage.payments(linkId);
    const typed = payment?.allocations.map((line, index) => [line.id, amounts[index] ?? ""] as const);
    return { paymentId: payment?.id ?? "", amounts: new Map(typed) };
  };
  const release = (how: "automatic" | "manual") =>
    stage.inFirm("update connection set posting_release = $1", [how]);

  return {
    ...stage,
    /** Asks for a refund by line here, and says how the processor calls it once it is made. */
    async refundHere(linkId: string, amounts: string[]): Promise<string> {
      const typed = await typedOf(linkId, amounts);
      const known = (await stage.atProcessor(linkId)).map(({ id }) => id);
      await requestRefund(await member(), { ...typed, refundId: newId(), note: "Billed twice" });
      await stage.drain();
      const made = (await stage.atProcessor(linkId)).find(({ id }) => !known.includes(id));
      return made?.id ?? "";
    },
    /** Asks for a refund by line here of which the processor does not hear yet. Returns its id. */
    async ask(linkId: string, amounts: string[]): Promise<string> {
      const refundId = newId();
      const typed = await typedOf(linkId, amounts);
      await requestRefund(await member(), { ...typed, refundId, note: "Billed twice" });
      await stage.owner("delete from graphile_worker._private_jobs");
      return refundId;
    },
    /** A refund that arrived, as the processor would speak of it. */
    refundFact: (amountMinor: bigint): RefundFacts => ({
      refundId: `re_${newId()}`,
      ourId: undefined,
      state: "succeeded",
      amountMinor,
      currency: "USD",
      isGone: true,
      failureCode: undefined,
      createdAt: new Date(),
    }),
    /** A lost dispute, as the processor would speak of it. */
    disputeFact: (amountMinor: bigint): DisputeFacts => ({
      disputeId: `du_${newId()}`,
      state: "lost",
      amountMinor,
      currency: "USD",
      reason: "fraudulent",
      isGone: true,
      evidenceDueAt: undefined,
      openedAt: new Date(),
    }),
    /** Tells what the processor would say was undone. Returns whether anything was new. */
    async tell(linkId: string, refunds: RefundFacts[], disputes: DisputeFacts[]): Promise<boolean> {
      const [payment] = await stage.payments(linkId);
      const actor = { kind: "processor", name: "Card processor" } as const;
      const who = { ...stage.stage.cx, firmId: stage.stage.firm.firmId, actor, requestId: newId() };
      const isNew = await stage.read((tx) =>
        recordUndone(tx, who, { id: payment?.id ?? "" }, { refunds, disputes }),
      );
      await stage.drain();
      return isNew;
    },
    /** The refund did not reach the payer. */
    async fail(refund: string): Promise<void> {
      await stage.control("refund", { refund, outcome: "failed" });
      await stage.deliverAll();
    },
    /** The payer's bank takes the payment back, or a part of it. */
    async takeBack(linkId: string, wish: { amount?: number } = {}): Promise<void> {
      const { intent } = await stage.intentOf(linkId);
      await stage.control("dispute", { payment_intent: intent, ...wish });
      await stage.deliverAll();
    },
    /** Says on which lines it lies, in their order; `""` leaves a line out. */
    async lay(linkId: string, kind: UndoneKind, id: string, amounts: string[]): Promise<void> {
      await layUndone(await member(), { ...(await typedOf(linkId, amounts)), kind, id });
      await stage.drain();
    },
    /** From now on postings wait for their release. */
    hold: () => release("manual"),
    /** Writes what waited. */
    async letGo(): Promise<void> {
      await release("automatic");
      const { firmId } = stage.stage.firm;
      for (const { id } of await stage.inFirm("select id from connection"))
        await postingJobs["postings.write"](stage.stage.cx, { firmId, connectionId: String(id) }, FIRST_TRY);
      await stage.drain();
    },
    /** What stands in the matter system of a payment, by line. Minor units. */
    async inBooks(linkId: string): Promise<bigint[]> {
      const rows = await stage.inFirm(
        `select coalesce(sum(case when o.kind = 'reversal' then -o.amount_minor else o.amount_minor end), 0)::bigint as minor
         from payment p join payment_allocation a on a.firm_id = p.firm_id and a.payment_id = p.id
         left join posting o on o.firm_id = a.firm_id and o.allocation_id = a.id and o.state = 'posted'
         where p.link_id = $1 group by a.id, a.position order by a.position`,
        [linkId],
      );
      return rows.map((row) => row.minor as bigint);
    },
    /** Postings of a payment that are not done, by state. */
    async openPostings(linkId: string): Promise<string[]> {
      const rows = await stage.inFirm(
        `select o.state from posting o join payment p on p.firm_id = o.firm_id and p.id = o.payment_id
         where p.link_id = $1 and o.state not in ('posted', 'set_aside')`,
        [linkId],
      );
      return rows.map((row) => String(row.state));
    },
    /** What the processor holds of a payment, without its fees. Minor units. */
    async held(linkId: string): Promise<bigint> {
      const { intent, stripeAccount } = await stage.intentOf(linkId);
      const about = { payment_intent: intent, limit: 100 };
      const lists = await Promise.all([
        stage.stripe().charges.list(about, { stripeAccount }),
        stage.stripe().refunds.list(about, { stripeAccount }),
        stage.stripe().disputes.list(about, { stripeAccount }),
      ]);
      const sources = new Set(lists.flatMap(({ data }) => data.map(({ id }) => id)));
      const moves = await stage
        .stripe()
        .balanceTransactions.list({ limit: 100 }, { stripeAccount })
        .autoPagingToArray({ limit: 1_000 });
      const own = moves.filter(({ source }) => sources.has(String(source)));
      return BigInt(own.reduce((sum, move) => sum + move.amount, 0));
    },
  };
}
