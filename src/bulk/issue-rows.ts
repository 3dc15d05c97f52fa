import { DatabaseError } from "pg";
import { dayOf } from "../base/day.ts";
import { Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Language } from "../base/language.ts";
import type { Context, MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { endOfLife } from "../links/make.ts";
import { makeSheetLinks, type SheetLink } from "../links/make-many.ts";
import { fillMessage, type MessageFacts } from "../links/message.ts";
import { enqueueAll } from "../queue/enqueue.ts";
import { getFirm, getSettings, listAccounts } from "../settings/queries.ts";
import { defaultMessage } from "../settings/templates.ts";
import { findMember } from "../team/queries.ts";
import { type Batch, lockBatch, updateBatch } from "./batch-queries.ts";
import { forgetPlans, lockQueued, markFailed, markMade, type QueuedRow } from "./issue-queries.ts";
import { findSentTwins, holdRepeats } from "./mark-queries.ts";
import { enqueueIssue } from "./start.ts";

/** Rows of one transaction: a killed process repeats none of those before. */
const CHUNK_ROWS = 250;
/** Violated constraints and values out of range: the row is at fault, and would be at every further try. */
const ROW_FAULTS = /^(22|23)/;
const UNKNOWN_REASON =
  "No link could be made of this row. Look at its cells, or ask for this one by Quick Link.";

type IssueJob = { firmId: string; batchId: string };

/**
 * Makes the links of an upload's waiting rows, some at a time, each together with its row's state and its email's job. Goes on after a
 * crash where it was: a row whose link is there is no longer waiting. Ends when none waits or somebody stopped it.
 */
export async function issueRows(
  cx: Context,
  { firmId, batchId }: IssueJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    if (signal?.aborted) {
      await withFirm(cx.database, firmId, (tx) => enqueueIssue(tx, firmId, batchId));
      return;
    }
    try {
      if (!(await issueChunk(cx, firmId, batchId, CHUNK_ROWS))) return;
    } catch (error) {
      if (!isRowFault(error)) throw error;
      await issueOneByOne(cx, firmId, batchId);
    }
  }
}

/** One row in the chunk cannot be made: each of the chunk alone, so that only that one is left behind. */
async function issueOneByOne(cx: Context, firmId: string, batchId: string): Promise<void> {
  for (let count = 0; count < CHUNK_ROWS; count++) {
    try {
      if (!(await issueChunk(cx, firmId, batchId, 1))) return;
    } catch (error) {
      if (!isRowFault(error)) throw error;
      const reason = error instanceof Problem ? error.message : UNKNOWN_REASON;
      await withFirm(cx.database, firmId, async (tx) => {
        await lockBatch(tx, firmId, batchId);
        const [row] = await lockQueued(tx, firmId, batchId, 1);
        if (row) await markFailed(tx, firmId, row.id, reason, cx.now());
      });
    }
  }
}

/** Makes the links of the next rows. Returns whether there may be more. */
function issueChunk(cx: Context, firmId: string, batchId: string, rows: number): Promise<boolean> {
  return withFirm(cx.database, firmId, async (tx) => {
    // Uploads of one firm take turns, so that none misses what another has just sent.
    await lockName(tx, `bulk:${firmId}`);
    await forgetPlans(tx);
    const batch = await lockBatch(tx, firmId, batchId);
    if (batch.state !== "issuing") return false;
    const queued = await lockQueued(tx, firmId, batchId, rows);
    if (queued.length === 0) {
      await updateBatch(tx, firmId, batchId, { state: "review", finished_at: cx.now() });
      return false;
    }
    const fresh = await keepFresh(tx, firmId, batchId, queued);
    await makeLinks(tx, await memberOf(tx, cx, firmId, batch), fresh);
    return true;
  });
}

/** Holds back the rows that another upload has sent meanwhile, and gives the others. */
async function keepFresh(
  tx: Tx,
  firmId: string,
  batchId: string,
  queued: readonly QueuedRow[],
): Promise<QueuedRow[]> {
  const asked = queued.filter((row) => !row.repeatConfirmed).map((row) => row.fingerprint);
  const twins = await findSentTwins(tx, firmId, batchId, asked);
  const twinOf = (row: QueuedRow) => (row.repeatConfirmed ? undefined : twins.get(row.fingerprint));
  const held = queued.flatMap((row) => {
    const linkId = twinOf(row);
    return linkId === undefined ? [] : [{ rowId: row.id, linkId }];
  });
  await holdRepeats(tx, firmId, held);
  return queued.filter((row) => twinOf(row) === undefined);
}

async function makeLinks(tx: Tx, cx: MemberContext, rows: readonly QueuedRow[]): Promise<void> {
  const firm = await getFirm(tx, cx.firmId);
  const settings = await getSettings(tx, cx.firmId);
  const accounts = new Map((await listAccounts(tx, cx.firmId)).map((account) => [account.id, account]));
  const known = { firmName: firm.name, phone: settings.phone };
  const ownMessage = messagesOf(tx, cx.firmId);
  const asked: SheetLink[] = [];
  for (const row of rows) {
    const account = accounts.get(row.accountId);
    if (!account || row.amountMinor === null || row.delivery === null) {
      await markFailed(tx, cx.firmId, row.id, account ? UNKNOWN_REASON : NO_ACCOUNT, cx.now());
      continue;
    }
    const language = row.language ?? "en";
    const written = row.message === "" ? await ownMessage(language) : row.message;
    const end = endOfLife(settings, cx.now(), { dueOn: row.dueOn, timeZone: firm.time_zone });
    const expiresOn = dayOf(end, firm.time_zone);
    const message = fillMessage(
      written,
      { ...known, ...factsOf(row, account.currency), expiresOn },
      language,
    );
    asked.push({
      ...row,
      account,
      requestId: row.id,
      amountMinor: row.amountMinor,
      delivery: row.delivery,
      description: row.invoiceNumber === "" ? "Payment" : `Invoice ${row.invoiceNumber}`,
      message,
      // A trust request is paid as it was asked, as everywhere.
      partAllowed: account.kind === "operating" && settings.part_payments_allowed,
    });
  }
  if (asked.length === 0) return;
  const made = await makeSheetLinks(tx, cx, settings, asked);
  await markMade(
    tx,
    cx.firmId,
    made.map((link) => ({ rowId: link.requestId, linkId: link.id })),
    cx.now(),
  );
  const emailed = asked.filter((link) => link.delivery === "email");
  await enqueueAll(
    tx,
    "delivery.request",
    emailed.map((link) => ({ firmId: cx.firmId, requestId: link.requestId })),
  );
}

/** What a row's message may speak of, besides the firm. */
function factsOf(row: QueuedRow, currency: string): Omit<MessageFacts, "firmName" | "phone" | "expiresOn"> {
  return {
    payerName: row.payerName,
    matter: row.matterLabel,
    responsible: "",
    amount: row.amountMinor === null ? undefined : { minor: row.amountMinor, currency },
    dueOn: row.dueOn ?? undefined,
    statementNumbers: [row.invoiceNumber],
  };
}

/** The firm's message in a language, read once for all rows. */
function messagesOf(tx: Tx, firmId: string): (language: Language) => Promise<string> {
  const found = new Map<Language, string>();
  return async (language) => {
    const message = found.get(language) ?? (await defaultMessage(tx, firmId, language));
    found.set(language, message);
    return message;
  };
}

const NO_ACCOUNT = "The account that was to receive this is no longer in use. Choose another one in the row.";

/** The member who pressed the button stands behind each link, also when the job runs later. */
async function memberOf(tx: Tx, cx: Context, firmId: string, batch: Batch): Promise<MemberContext> {
  const member = await findMember(tx, firmId, batch.issued_by ?? batch.created_by);
  if (!member) throw new Error("an upload has no member behind it");
  const actor = {
    kind: "member",
    id: member.id,
    name: member.name,
    role: member.role,
    personId: member.person_id,
  } as const;
  return { ...cx, firmId, actor, requestId: newId() };
}

function isRowFault(error: unknown): boolean {
  return error instanceof Problem || (error instanceof DatabaseError && ROW_FAULTS.test(error.code ?? ""));
}
