import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { listFirmIds } from "../settings/queries.ts";
import { deleteEndedSessions, deleteEndedSignIns } from "./queries.ts";
import { sendSignInLink } from "./send-sign-in-link.ts";

const DAYS_MS = 86_400_000;
/** Ended sign-ins are kept this long, for an administrator who asks what happened. */
const KEPT_MS = 30 * DAYS_MS;

export const teamJobs = {
  "team.sendSignInLink": (cx, payload) => sendSignInLink(cx, payload.signInLinkId),
  "team.forgetExpired": async (cx) => {
    const before = new Date(cx.now().getTime() - KEPT_MS);
    const firmIds = await transact(cx.database, async (tx) => {
      await deleteEndedSignIns(tx, before);
      return await listFirmIds(tx);
    });
    for (const firmId of firmIds)
      await withFirm(cx.database, firmId, (tx) => deleteEndedSessions(tx, firmId, before));
  },
} satisfies SomeHandlers<Context, "team.sendSignInLink" | "team.forgetExpired">;
