import type { Selectable } from "kysely";
import { listLinkHistory } from "../audit/queries.ts";
import { notFound } from "../base/error.ts";
import type { Context } from "../context.ts";
import type { AuditEvent } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { listStatements } from "../statements/queries.ts";
import { linkUrl } from "./address.ts";
import * as page from "./page-queries.ts";
import { findLink, findRequestLinks, findSuccessor, type LinkRow } from "./queries.ts";
import { keptMinor, type Received, sumsOn } from "./received.ts";
import { readReceived } from "./received-queries.ts";
import { type Rest, restOf } from "./rest.ts";
import { takesSuccessor } from "./state.ts";

const HISTORY_LIMIT = 100;
const EMAIL_LIMIT = 50;
const PAYMENT_LIMIT = 20;

type AllocationLine = page.AllocationFacts & {
  /** Received and still there. */
  receivedMinor: bigint;
  /** What went back of it. */
  goneMinor: bigint;
  leftMinor: bigint;
  posting: page.PostingFacts["state"] | undefined;
};

/** All that the page of one link shows. `url` opens the link: for the screen of those who may see it, and nowhere else. */
export type LinkPage = {
  link: LinkRow;
  url: string;
  facts: page.LinkFacts;
  allocations: AllocationLine[];
  received: Received;
  /** What a new link would ask for; undefined where none may follow, or one does already. */
  rest: Rest | undefined;
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
    const received = await readReceived(tx, firmId, linkId);
    const postings = await page.listLinkPostings(tx, firmId, linkId);
    const asked = await page.listAllocationFacts(tx, firmId, linkId);
    const request = await findRequestLinks(tx, firmId, link.request_id);
    const successor = await findSuccessor(tx, firmId, linkId);
    return {
      link,
      url: linkUrl(cx, link),
      facts: await page.getLinkFacts(tx, firmId, linkId),
      allocations: asked.map((line) => withReceived(line, received, postings)),
      received,
      rest: successor ? undefined : await readRest(tx, link, asked, received),
      payments: await page.listLinkPayments(tx, firmId, linkId, PAYMENT_LIMIT),
      emails: await page.listLinkEmails(tx, firmId, link, EMAIL_LIMIT),
      history: await listLinkHistory(tx, firmId, linkId, HISTORY_LIMIT),
      siblings: request.filter((each) => each.id !== linkId),
      predecessor: link.predecessor_id === null ? undefined : await findLink(tx, firmId, link.predecessor_id),
      successor,
    };
  });
}

async function readRest(
  tx: Tx,
  link: LinkRow,
  asked: readonly page.AllocationFacts[],
  received: Received,
): Promise<Rest | undefined> {
  if (!takesSuccessor(link.state, received.goneMinor)) return undefined;
  const lines = asked.map((line) => ({ statementId: line.statementId, amountMinor: line.askedMinor }));
  const ids = lines.map((line) => line.statementId);
  return restOf(link, lines, await listStatements(tx, link.firm_id, ids), received);
}

function withReceived(
  line: page.AllocationFacts,
  received: Received,
  postings: page.PostingFacts[],
): AllocationLine {
  const sums = sumsOn(received, line.statementId);
  const left = line.askedMinor - keptMinor(sums);
  return {
    ...line,
    receivedMinor: keptMinor(sums),
    goneMinor: sums.goneMinor,
    leftMinor: left > 0n ? left : 0n,
    posting: postings.findLast((posting) => posting.statementId === line.statementId)?.state,
  };
}
