import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { JobPayload } from "../queue/catalog.ts";
import { listHearers } from "./notify-queries.ts";
import { queueEmail } from "./queue.ts";

/**
 * Queues a letter with example values to the member who asked for it, so that they see what payers would. The same nonce is one email;
 * a member who was removed meanwhile gets none.
 */
export async function sendTest(
  cx: FirmContext,
  asked: Omit<JobPayload<"delivery.sendTest">, "firmId">,
): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const [member] = await listHearers(tx, cx.firmId, [asked.memberId]);
    if (!member) return;
    await queueEmail(tx, cx, {
      kind: "test",
      intent: `test:${asked.memberId}:${asked.nonce}`,
      toAddress: member.email,
      memberId: member.memberId,
      topic: asked.use,
      language: asked.language,
    });
  });
}
