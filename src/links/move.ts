import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { type LinkRow, updateLink } from "./queries.ts";
import { canMove, isClosed, type LinkState } from "./state.ts";

/** What the time line calls the arrival in a state. */
const MOVE_ACTIONS = {
  outstanding: "link.reopened",
  processing: "link.processing",
  payment_received: "link.paid",
  part_paid: "link.partPaid",
  cancelled: "link.cancelled",
  expired: "link.expired",
} as const satisfies Record<LinkState, string>;

/**
 * Moves a locked link to another state and records it, in the caller's transaction. `reason` is why a member cancelled it. Returns the link as it stands afterwards.
 * Throws `conflict` when the table of moves has no such move.
 */
export async function moveLink(
  tx: Tx,
  who: FirmContext,
  link: LinkRow,
  to: LinkState,
  reason?: string,
): Promise<LinkRow> {
  if (!canMove(link.state, to))
    throw conflict(
      `Link ${link.reference} is ${link.state.replaceAll("_", " ")} by now. Nothing was changed.`,
    );
  const now = who.now();
  const moved = await updateLink(tx, who.firmId, link.id, {
    state: to,
    closed_at: isClosed(to) ? now : null,
    updated_at: now,
    ...(reason === undefined ? {} : { cancel_reason: reason }),
  });
  await record(tx, who, {
    action: MOVE_ACTIONS[to],
    objectKind: "link",
    objectId: link.id,
    linkId: link.id,
    before: { state: link.state },
    after: { state: to, ...(reason === undefined ? {} : { reason }) },
  });
  return moved;
}
