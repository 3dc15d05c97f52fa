import type { Tx } from "../db/tx.ts";
import type { Scope } from "./list-filter-queries.ts";
import { wasRemindedOn } from "./many-queries.ts";
import { type ManyVerb, refusalOf } from "./many-refusal.ts";
import type { LinkRow } from "./queries.ts";
import { stateAt } from "./state.ts";

/** Why a locked link does not take part in an action as it stands now, or undefined when it does. */
export async function refusalNow(
  tx: Tx,
  scope: Scope,
  verb: ManyVerb,
  link: LinkRow,
): Promise<string | undefined> {
  return refusalOf(verb, {
    state: stateAt(link, scope.now),
    delivery: link.delivery,
    hasAddress: link.payer_emails.length > 0,
    remindedToday: verb === "remind" && (await wasRemindedOn(tx, scope, link.id)),
  });
}
