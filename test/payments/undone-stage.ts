import type { Context } from "../../src/context.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { askRefund } from "../../src/payments/ask-refund.ts";
import { listDisputes, listRefunds } from "../../src/payments/undone-queries.ts";
import { card } from "../sandbox/processor/stand.ts";
import type { LinkWish } from "./links.ts";
import { useStage } from "./stage.ts";

/** The stage of payments with what undoes them. */
export function useUndone(options: Parameters<typeof useStage>[0] = {}) {
  const stage = useStage(options);
  const firm = () => stage.stage.firm;

  const deliverAll = async (options: { backwards?: boolean } = {}) => {
    // What the processor does by itself after a while happens at its clock's next tick.
    for (const account of Object.values(firm().processorAccounts)) {
      const events = await stage.events(account);
      for (const event of options.backwards ? events.toReversed() : events) await stage.deliver(event);
    }
    await stage.drain();
  };
  const paymentOf = async (linkId: string) => {
    const [payment] = await stage.payments(linkId);
    if (!payment) throw new Error("the link has no payment");
    return payment;
  };
  const intentOf = async (linkId: string) => {
    const payment = await paymentOf(linkId);
    return { intent: payment.payment_intent_id, stripeAccount: payment.processor_account };
  };
  const refunds = async (linkId: string) => {
    const { id } = await paymentOf(linkId);
    return await stage.read((tx) => listRefunds(tx, firm().firmId, id));
  };

  return {
    ...stage,
    deliverAll,
    intentOf,
    refunds,
    /** A link that was paid whole, with everything that followed. */
    async paidLink(wish: LinkWish = {}, fields: Record<string, string> = card()): Promise<LinkRow> {
      const link = await stage.makeLink(wish);
      const isBank = "account_number" in fields;
      await stage.submit(await stage.begin(link, isBank ? { method: "bank" } : {}), fields);
      await deliverAll();
      if (isBank) {
        const { intent } = await intentOf(link.id);
        await stage.control("settle", { payment_intent: intent });
        await deliverAll();
      }
      return link;
    },
    async disputes(linkId: string) {
      const { id } = await paymentOf(linkId);
      return await stage.read((tx) => listDisputes(tx, firm().firmId, id));
    },
    /** What lies on each part, in the order of the parts. */
    async partsOf(undoneId: string): Promise<bigint[]> {
      const rows = await stage.inFirm(
        `select u.amount_minor as minor from undone_part u
         join payment_allocation a on a.firm_id = u.firm_id and a.id = u.allocation_id
         where u.refund_id = $1 or u.dispute_id = $1 order by a.position`,
        [undoneId],
      );
      return rows.map((row) => row.minor as bigint);
    },
    askRefund: (payload: { firmId: string; refundId: string }, cx: Context = stage.stage.cx) =>
      askRefund(cx, payload),
    /** Asks for every stored refund, without waiting for what the processor does later. */
    async askAll(): Promise<void> {
      const rows = await stage.inFirm("select id from refund where state = 'requested'");
      for (const row of rows)
        await askRefund(stage.stage.cx, { firmId: firm().firmId, refundId: String(row.id) });
    },
    /** The refunds of a link's payment, as the processor lists them. */
    async atProcessor(linkId: string) {
      const { intent, stripeAccount } = await intentOf(linkId);
      return (await stage.stripe().refunds.list({ payment_intent: intent }, { stripeAccount })).data;
    },
    /** A refund that somebody makes at the processor's own screens. */
    async refundThere(linkId: string, amount: number): Promise<void> {
      const { intent, stripeAccount } = await intentOf(linkId);
      await stage.stripe().refunds.create({ payment_intent: intent, amount }, { stripeAccount });
      await deliverAll();
    },
  };
}
