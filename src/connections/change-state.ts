import { record } from "../audit/record.ts";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { type ConnectionRow, lockConnection, updateConnection } from "./queries.ts";
import { afterMove, type ConnectionMove } from "./state.ts";

type MemberMove = Extract<ConnectionMove, "pause" | "resume" | "disconnect">;

const ACTIONS: Record<MemberMove, string> = {
  pause: "connection.paused",
  resume: "connection.resumed",
  disconnect: "connection.disconnected",
};

/** Stops reading and writing until it is resumed. Throws `not_found`, `conflict`. */
export function pauseConnection(cx: MemberContext, connectionId: string): Promise<ConnectionRow> {
  return changeState(cx, connectionId, "pause", async () => undefined);
}

/** Takes up reading and writing again; what changed meanwhile is read at once. Throws `not_found`, `conflict`. */
export function resumeConnection(cx: MemberContext, connectionId: string): Promise<ConnectionRow> {
  return changeState(cx, connectionId, "resume", (tx) =>
    enqueue(
      tx,
      "connections.sync",
      { firmId: cx.firmId, connectionId },
      { key: `connections.sync:${connectionId}` },
    ),
  );
}

/** Ends a connection. Its webhooks and its grant at the vendor are ended by a job. Throws `not_found`, `conflict`. */
export function disconnectConnection(cx: MemberContext, connectionId: string): Promise<ConnectionRow> {
  return changeState(cx, connectionId, "disconnect", (tx) =>
    enqueue(tx, "connections.end", { firmId: cx.firmId, connectionId }),
  );
}

async function changeState(
  cx: MemberContext,
  connectionId: string,
  move: MemberMove,
  follow: (tx: Tx) => Promise<void>,
): Promise<ConnectionRow> {
  demand(cx, "connections.manage");
  if (!isId(connectionId)) throw notFound("connection");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const row = await lockConnection(tx, cx.firmId, connectionId);
    if (!row) throw notFound("connection");
    const state = afterMove(row.state, move);
    await updateConnection(tx, cx.firmId, connectionId, { state, state_reason: null });
    await record(tx, cx, {
      action: ACTIONS[move],
      objectKind: "connection",
      objectId: connectionId,
      before: { state: row.state },
      after: { state },
    });
    await follow(tx);
    return { ...row, state };
  });
}
