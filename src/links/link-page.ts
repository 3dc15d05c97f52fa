import type { Selectable } from "kysely";
import { listLinkHistory } from "../audit/queries.ts";
import { notFound } from "../base/error.ts";
import { sumMinor } from "../base/money.ts";
import type { Context } from "../context.ts";
import type { AuditEvent } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import { linkUrl } from "./address.ts";
import { listReceived } from "./issue-queries.ts";
import * as page from "./page-queries.ts";
import { findLink, findRequestLinks, findSuccessor, type LinkRow } from "./queries.ts";

const HISTORY_LIMIT = 100;
const EMAIL_LIMIT = 50;
const PAYMENT_LIMIT = 20;

type AllocationLine = page.AllocationFacts & {
  receivedMinor: bigint;
  leftMinor: bigint;
  posting: page.PostingFacts["state"] | undefined;
};

/** All that the page of one link shows. `url` opens the link: for the screen of those who may see it, and nowhere else. */
export type LinkPage = {
  link: LinkRow;
  url: string;
  facts: page.LinkFacts;
  allocations: AllocationLine[];
  receivedMinor: bigint;
  payments: page.PaymentFacts[];
  emails: page.EmailFacts[];
  history: Selectable<AuditEvent>[];
  siblings: LinkRow[];
  predecessor: LinkRow | undefined;
  successor: LinkRow | undefined;
};

/** Reads the page of a link. Throws `not_found`, also for a link of another firm. */
export function readLinkPage(cx: Context, firmId: string, linkId: string): Promise<LinkPage> {
  return withFirm(cx.database, firmId, async (tx) => {
    const link = await findLink(tx, firmId, linkId);
    if (!link) throw notFound("link");
    const received = await listReceived(tx, firmId, linkId);
    const postings = await page.listLinkPostings(tx, firmId, linkId);
    const asked = await page.listAllocationFacts(tx, firmId, linkId);
    const request = await findRequestLinks(tx, firmId, link.request_id);
    return {
      link,
      url: linkUrl(cx, link),
      facts: await page.getLinkFacts(tx, firmId, linkId),
      allocations: asked.map((line) => withReceived(line, received, postings)),
      receivedMinor: sumMinor(received.map((part) => part.amountMinor)),
      payments: await page.listLinkPayments(tx, firmId, linkId, PAYMENT_LIMIT),
      emails: await page.listLinkEmails(tx, firmId, link, EMAIL_LIMIT),
      history: await listLinkHistory(tx, firmId, linkId, HISTORY_LIMIT),
      siblings: request.filter((each) => each.id !== linkId),
      predecessor: link.predecessor_id === null ? undefined : await findLink(tx, firmId, link.predecessor_id),
      successor: await findSuccessor(tx, firmId, linkId),
    };
  });
}

function withReceived(
  line: page.AllocationFacts,
  received: { statementId: string | null; amountMinor: bigint }[],
  postings: page.PostingFacts[],
): AllocationLine {
  const parts = received.filter((part) => part.statementId === line.statementId);
  const receivedMinor = sumMinor(parts.map((part) => part.amountMinor));
  const left = line.askedMinor - receivedMinor;
  return {
    ...line,
    receivedMinor,
    leftMinor: left > 0n ? left : 0n,
    posting: postings.findLast((posting) => posting.statementId === line.statementId)?.state,
  };
}
