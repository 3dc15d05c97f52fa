import {
  type Access,
  ConnectorError,
  type Entry,
  type Posted,
  type PostKind,
  type PostRequest,
  type ReverseRequest,
} from "../contract.ts";
import { request } from "../http.ts";
import { entry, list, listedEntry, readWords, wireAmount } from "./wire.ts";

const PAYMENTS = "/api/v1/payments";
const TRUST_DEPOSITS = "/api/v1/trust-deposits";

const LOOK_UP_PATHS: Record<PostKind, string> = {
  payment: PAYMENTS,
  trust_deposit: TRUST_DEPOSITS,
  reversal: "/api/v1/reversals",
};

/**
 * Writes a payment on one invoice. Docket does not deduplicate: after `unclear`, look the reference up before
 * writing again.
 */
export async function postPayment(access: Access, post: PostRequest): Promise<Posted> {
  return await write(access, PAYMENTS, post.reference, {
    ...receiptOf(post),
    allocations: [allocationOf(post)],
  });
}

/** Writes a deposit into a matter's trust ledger; on a trust request where there is one. */
export async function postTrustDeposit(access: Access, post: PostRequest): Promise<Posted> {
  return await write(access, TRUST_DEPOSITS, post.reference, {
    ...receiptOf(post),
    matter_id: post.matterExternalId,
    statement_id: post.statementExternalId ?? null,
  });
}

/** Undoes an entry, whole or in part. */
export async function reverse(access: Access, undo: ReverseRequest): Promise<Posted> {
  const path = `${LOOK_UP_PATHS[undo.entryKind]}/${encodeURIComponent(undo.entryExternalId)}/reversals`;
  const reversal = {
    reference: undo.reference,
    reversed_on: undo.reversedOn,
    reason: undo.reason,
    amount: wireAmount(undo.amountMinor),
  };
  const body = undo.entryKind === "payment" ? { ...reversal, allocations: [allocationOf(undo)] } : reversal;
  return await write(access, path, undo.reference, body);
}

/**
 * Finds the entries of a kind that carry a reference. Throws rather than leave one out that cannot be read.
 */
export async function lookUp(access: Access, kind: PostKind, reference: string): Promise<Entry[]> {
  const body = await request({
    method: "GET",
    origin: access.registration.origin,
    path: LOOK_UP_PATHS[kind],
    query: { reference },
    accessToken: access.accessToken,
    signal: access.signal,
    readWords,
  });
  const found = list.safeParse(body);
  const entries = listedEntry.array().safeParse(found.data?.data);
  // More than a page under one reference means that the filter was not applied, and an absence would prove
  // nothing.
  if (!found.success || !entries.success || found.data.nextCursor !== undefined) {
    throw new ConnectorError("unreadable", "The entries found under the reference cannot be read.");
  }
  return entries.data
    .filter((item) => item.reference === reference)
    .map((item) => ({ externalId: item.id, amountMinor: item.amount }));
}

function receiptOf(post: PostRequest) {
  return {
    reference: post.reference,
    received_on: post.receivedOn,
    method: post.method,
    memo: post.memo,
    payer_name: post.payerName,
    amount: wireAmount(post.amountMinor),
  };
}

function allocationOf(post: { statementExternalId: string | undefined; amountMinor: bigint }) {
  if (post.statementExternalId === undefined) {
    throw new ConnectorError("rejected", "A payment in Docket is laid on a statement, and none is named.", {
      vendorCode: "unknown_statement",
    });
  }
  return { statement_id: post.statementExternalId, amount: wireAmount(post.amountMinor) };
}

async function write(access: Access, path: string, reference: string, body: unknown): Promise<Posted> {
  const answer = await request({
    method: "POST",
    origin: access.registration.origin,
    path,
    accessToken: access.accessToken,
    signal: access.signal,
    body,
    readWords,
  });
  const written = entry.safeParse(answer);
  if (written.success && written.data.reference === reference) return { externalId: written.data.id };
  throw new ConnectorError(
    "unclear",
    "The entry was taken, but the answer does not name it under its reference.",
  );
}
