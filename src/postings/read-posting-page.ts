import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { describePostingEvent } from "./history-words.ts";
import { findPostingLine, listPostingEvents } from "./line-queries.ts";
import { findPaymentGroup } from "./list-queries.ts";
import type { PostingPageProps } from "./posting-view.tsx";
import { describeLines } from "./read-list.ts";
import { findTarget } from "./target-queries.ts";

/** More events than this of one posting are of no use on a page; the record keeps them all. */
const EVENTS_SHOWN = 200;

/** What the page of one posting shows. Throws `not_found`. */
export function readPostingPage(
  cx: Context,
  firm: { id: string; timeZone: string },
  id: string,
): Promise<Pick<PostingPageProps, "line" | "payment" | "history" | "matterUrl">> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const posting = isId(id) ? await findPostingLine(tx, firm.id, id) : undefined;
    const payment = posting && (await findPaymentGroup(tx, firm.id, posting.payment_id));
    const [line] = posting ? await describeLines(cx, tx, firm, [posting]) : [];
    if (!line || !payment) throw notFound("posting");
    const events = await listPostingEvents(tx, firm.id, line.posting.id, EVENTS_SHOWN);
    const target = await findTarget(tx, firm.id, line.posting.statement_id);
    const configured = target && cx.connectors.get(target.connector);
    return {
      line,
      payment,
      history: events.map((event) => describePostingEvent(event, line.posting.currency, firm.timeZone)),
      matterUrl: target && configured?.connector.matterUrl(configured.registration, target.matterExternalId),
    };
  });
}
