import { newId } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { listFirmIds } from "../settings/queries.ts";
import { hasDue, keepAppointments, listDueIds } from "./queries.ts";
import { settleLinks } from "./settle-links.ts";

/** Locked together in one transaction. */
const LINKS_PER_CHUNK = 100;
/** After so many chunks a firm's job makes room for others and goes on as a new one. */
const CHUNKS_PER_JOB = 20;
/** A link at which we fail holds up no other: it is looked at again later. */
const PUT_OFF_MS = 60 * 60_000;

/** Starts the work for each firm that has links to look at. One that waits already is enough. A firm in which it fails holds up no other. */
export async function sendAllDue(cx: Context): Promise<void> {
  let failure: unknown;
  for (const firmId of await transact(cx.database, listFirmIds)) {
    try {
      await withFirm(cx.database, firmId, async (tx) => {
        if (await hasDue(tx, firmId, cx.now()))
          await enqueue(tx, "reminders.sendFirm", { firmId }, { key: keyOf(firmId), keyMode: "keep" });
      });
    } catch (error) {
      cx.log.error("the reminders of a firm could not be started", { firmId }, error);
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

/** Looks at the links of a firm whose time has come, chunk by chunk, and goes on in a new job where there are many. */
export async function sendDueOfFirm(cx: Context, firmId: string): Promise<void> {
  const who: FirmContext = {
    ...cx,
    firmId,
    actor: { kind: "system", name: "Smart Reminders" },
    requestId: newId(),
  };
  for (let chunk = 0; chunk < CHUNKS_PER_JOB; chunk++) {
    const ids = await withFirm(cx.database, firmId, (tx) =>
      listDueIds(tx, firmId, cx.now(), LINKS_PER_CHUNK),
    );
    const settled = ids.length === 0 ? 0 : await settleChunk(who, ids);
    // Links that somebody else holds come back with the next minute; asking for them again at once would be a circle.
    if (ids.length < LINKS_PER_CHUNK || settled === 0) return;
  }
  await withFirm(cx.database, firmId, (tx) =>
    enqueue(tx, "reminders.sendFirm", { firmId }, { key: keyOf(firmId) }),
  );
}

/** When the chunk fails as a whole its links are tried one by one, and what fails again is put off. */
async function settleChunk(cx: FirmContext, ids: readonly string[]): Promise<number> {
  try {
    return await settleLinks(cx, ids);
  } catch (error) {
    cx.log.error("a chunk of reminders failed and is tried link by link", { firmId: cx.firmId }, error);
    for (const id of ids) await settleAlone(cx, id);
    return ids.length;
  }
}

async function settleAlone(cx: FirmContext, linkId: string): Promise<void> {
  try {
    await settleLinks(cx, [linkId]);
  } catch (error) {
    cx.log.error("the reminders of a link were put off", { firmId: cx.firmId, linkId }, error);
    const checkAt = new Date(cx.now().getTime() + PUT_OFF_MS);
    await withFirm(cx.database, cx.firmId, (tx) =>
      keepAppointments(tx, cx.firmId, [{ linkId, nextAt: checkAt, nextPosition: null, checkAt }]),
    );
  }
}

function keyOf(firmId: string): string {
  return `sendReminders:${firmId}`;
}
