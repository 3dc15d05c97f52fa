import type { Tx } from "../db/tx.ts";
import type { ItemState } from "./many-queries.ts";

export type Outcome = {
  linkId: string;
  position: number;
  reference: string;
  clientName: string;
  payerName: string;
  matterLabel: string;
  amountMinor: bigint;
  currency: string;
  state: ItemState;
  reason: string | null;
};

/** What became of the links of an action, in their order, behind a position. `state` narrows it down. */
export function listOutcomes(
  tx: Tx,
  firmId: string,
  actionId: string,
  wish: { state: ItemState | undefined; after: number; limit: number },
): Promise<Outcome[]> {
  return tx
    .selectFrom("link_action_item as item")
    .innerJoin("payment_link as link", (join) =>
      join.onRef("link.firm_id", "=", "item.firm_id").onRef("link.id", "=", "item.link_id"),
    )
    .select([
      "link.id as linkId",
      "item.position",
      "link.reference",
      "link.client_name as clientName",
      "link.payer_name as payerName",
      "link.matter_label as matterLabel",
      "link.amount_minor as amountMinor",
      "link.currency",
      "item.state",
      "item.reason",
    ])
    .where("item.firm_id", "=", firmId)
    .where("item.action_id", "=", actionId)
    .where("item.position", ">", wish.after)
    .$if(wish.state !== undefined, (query) => query.where("item.state", "=", wish.state ?? "done"))
    .orderBy("item.position")
    .limit(wish.limit)
    .execute();
}
