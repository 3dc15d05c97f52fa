import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { findLink } from "../links/queries.ts";
import type { JobPayload } from "../queue/catalog.ts";
import { findPayment } from "./facts-queries.ts";
import {
  findPosting,
  findRule,
  type Hearer,
  listAdministrators,
  listBookkeepers,
  listHearers,
  listRuleMembers,
  type NoticeEvent,
} from "./notify-queries.ts";
import { queueEmail } from "./queue.ts";

export type Notice = Omit<JobPayload<"delivery.notify">, "firmId">;

/**
 * Queues an email to each member who is to hear of an event: whom the firm's rule names, or without a rule the link's sender, and the
 * bookkeepers for what is no sender's matter.
 * Told twice, an occurrence is one email to each. An event about nothing that this firm has is dropped.
 */
export async function notify(cx: FirmContext, notice: Notice): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const about = await findSubject(tx, cx.firmId, notice);
    if (!about) return;
    for (const hearer of await listAudience(tx, cx.firmId, notice.event, about.senderId)) {
      await queueEmail(tx, cx, {
        kind: "notice",
        intent: `notice:${notice.event}:${notice.occurrence}`,
        toAddress: hearer.email,
        memberId: hearer.memberId,
        linkId: about.linkId,
        paymentId: about.paymentId,
        topic: notice.event,
      });
    }
  });
}

/** Without a sender it is a matter of those who keep the books. */
type Subject = { linkId: string | undefined; paymentId: string | undefined; senderId: string | undefined };

async function findSubject(tx: Tx, firmId: string, notice: Notice): Promise<Subject | undefined> {
  if (notice.event === "difference") return { linkId: undefined, paymentId: undefined, senderId: undefined };
  const { postingId } = notice;
  const posting = postingId === undefined ? undefined : await findPosting(tx, firmId, postingId);
  const paymentId = notice.paymentId ?? posting?.payment_id;
  const payment = paymentId === undefined ? undefined : await findPayment(tx, firmId, paymentId);
  const linkId = notice.linkId ?? payment?.link_id;
  const link = linkId === undefined ? undefined : await findLink(tx, firmId, linkId);
  // Refunds are asked for by those who keep the books, and it is they who find another way.
  const senderId = notice.event === "refund_failed" ? undefined : link?.created_by;
  return link && { linkId: link.id, paymentId: payment?.id, senderId };
}

/** A sender who was removed since hears nothing; then the administrators do, so that it is not lost on nobody. */
async function listAudience(
  tx: Tx,
  firmId: string,
  event: NoticeEvent,
  senderId: string | undefined,
): Promise<Hearer[]> {
  const rule = await findRule(tx, firmId, event);
  const chosen = rule ? await listRuleMembers(tx, firmId, event) : [];
  const toFirst = rule?.to_sender ?? true;
  const first = toFirst ? await listFirst(tx, firmId, senderId) : [];
  const others = await listHearers(
    tx,
    firmId,
    chosen.filter((id) => !first.some((hearer) => hearer.memberId === id)),
  );
  const audience = [...first, ...others];
  const wantsSomebody = toFirst || chosen.length > 0;
  return audience.length === 0 && wantsSomebody ? await listAdministrators(tx, firmId) : audience;
}

function listFirst(tx: Tx, firmId: string, senderId: string | undefined): Promise<Hearer[]> {
  return senderId === undefined ? listBookkeepers(tx, firmId) : listHearers(tx, firmId, [senderId]);
}
