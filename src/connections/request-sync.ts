import { record } from "../audit/record.ts";
import { conflict, notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { lockConnection } from "./queries.ts";
import { stateWords } from "./state.ts";

/** Has a connection read at once. Asking twice reads once. Throws `not_found`; `conflict` when it is not authorised. */
export async function requestSync(cx: MemberContext, connectionId: string): Promise<void> {
  demand(cx, "connections.sync");
  if (!isId(connectionId)) throw notFound("connection");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const row = await lockConnection(tx, cx.firmId, connectionId);
    if (!row) throw notFound("connection");
    if (row.state !== "authorized") {
      throw conflict(`${row.account_name} cannot be read: the connection is ${stateWords(row.state)}.`);
    }
    const key = `connections.sync:${connectionId}`;
    await enqueue(tx, "connections.sync", { firmId: cx.firmId, connectionId }, { key });
    await record(tx, cx, {
      action: "connection.sync_requested",
      objectKind: "connection",
      objectId: connectionId,
    });
  });
}
