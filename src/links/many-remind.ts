import { notFound } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { refusalNow } from "./many-facts.ts";
import { type Action, settleItem, takeItem } from "./many-queries.ts";
import { findLink, lockRequest } from "./queries.ts";
import { listScope } from "./sent-scope.ts";

/**
 * Asks for one letter that reminds of a chosen link and of the other chosen links of its request, in the caller's transaction, and
 * notes what became of each of them. What another run has, or had, is left to it.
 */
export async function remindChosen(
  tx: Tx,
  { cx, action, timeZone }: { cx: MemberContext; action: Action; timeZone: string },
  linkId: string,
): Promise<void> {
  const { firmId } = cx;
  const found = await findLink(tx, firmId, linkId);
  if (!found) throw notFound("link");
  const scope = listScope(cx, firmId, timeZone);
  const asked: string[] = [];
  // The whole request is locked before any of its links is taken: two runs never ask for half of it each.
  for (const link of await lockRequest(tx, firmId, found.request_id)) {
    if (!(await takeItem(tx, firmId, action.id, link.id))) continue;
    const refusal = await refusalNow(tx, scope, action.verb, link);
    await settleItem(tx, firmId, action.id, link.id, refusal);
    if (refusal === undefined) asked.push(link.id);
  }
  const [first, ...besideIds] = asked;
  if (first === undefined) return;
  await enqueue(tx, "reminders.remindNow", {
    firmId,
    linkId: first,
    besideIds,
    by: cx.actor.id,
    occurrence: `many:${action.id}`,
  });
}
