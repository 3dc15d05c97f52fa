import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import type { JobName } from "../queue/catalog.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { AccountRow } from "../settings/account-queries.ts";
import { listFirmIds } from "../settings/queries.ts";
import { readPayout } from "./on-stripe.ts";
import { listAccountsInUse, listKnownPayouts, listOpenDeposits, listUntied, lockDeposit } from "./queries.ts";
import { processorContext, readDeposit } from "./read.ts";
import { findLook, keepFailure, keepLook } from "./sweep-queries.ts";
import { tieDeposit } from "./tie.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The first look at an account goes back so far: payments came before deposits were read. */
const FIRST_LOOK_MS = 90 * DAY_MS;
/** A payout may be listed a little after its own time. */
const OVERLAP_MS = 60 * MINUTE_MS;
/** What is under way is asked about when nobody has done so for so long. */
const READ_AGAIN_MS = 10 * MINUTE_MS;
/** Of one account or firm in one sweep; the next takes the rest. */
const DEPOSITS_PER_SWEEP = 50;

/** Starts a job for each firm. One that waits already is enough. */
export async function startForAll(
  cx: Context,
  job: Extract<JobName, "deposits.sweepFirm" | "deposits.compareFirm">,
): Promise<void> {
  await transact(cx.database, async (tx) => {
    for (const firmId of await listFirmIds(tx))
      await enqueue(
        tx,
        job,
        { firmId },
        { key: `${job}:${firmId}`, keyMode: "keep", queue: `${job}:${firmId}` },
      );
  });
}

/**
 * Finds payouts that no webhook told of, asks about those that are under way, and holds those that do not tie against our books anew.
 * What fails at one account holds up no other; the first failure is thrown at the end.
 */
export async function sweepFirm(cx: Context, firmId: string): Promise<void> {
  const accounts = await withFirm(cx.database, firmId, (tx) => listAccountsInUse(tx, firmId));
  let failure: unknown;
  for (const account of accounts) {
    try {
      await sweepAccount(cx, account);
    } catch (error) {
      failure ??= error;
      const subject = `payouts:${account.id}`;
      await withFirm(cx.database, firmId, (tx) =>
        keepFailure(tx, firmId, subject, "The card processor could not be read."),
      );
    }
  }
  await tieAgain(cx, firmId);
  if (failure !== undefined) throw failure;
}

async function sweepAccount(cx: Context, account: AccountRow): Promise<void> {
  const now = cx.now();
  const { firm_id: firmId, id } = account;
  const subject = `payouts:${id}`;
  const { look, open } = await withFirm(cx.database, firmId, async (tx) => ({
    look: await findLook(tx, firmId, subject),
    open: await listOpenDeposits(tx, firmId, id, new Date(now.getTime() - READ_AGAIN_MS), DEPOSITS_PER_SWEEP),
  }));
  const since = look?.ranAt ? look.ranAt.getTime() - OVERLAP_MS : now.getTime() - FIRST_LOOK_MS;
  const payouts = await cx.processor.listPayouts(account.processor_account, new Date(since));
  const known = await withFirm(cx.database, firmId, (tx) =>
    listKnownPayouts(
      tx,
      firmId,
      payouts.map(({ payoutId }) => payoutId),
    ),
  );
  const knownIds = new Set(known.map((deposit) => deposit.payout_id));
  // Oldest first, so that a later one finds the earlier one that it pays out again.
  const missing = payouts.filter(({ payoutId }) => !knownIds.has(payoutId)).reverse();
  for (const { payoutId } of missing) await readDeposit(cx, account, payoutId);
  for (const { payout_id: payoutId } of open)
    await readPayout(cx, { firmId, merchantAccountId: id, payoutId });
  await withFirm(cx.database, firmId, (tx) => keepLook(tx, firmId, subject, { ranAt: now }));
}

/** A payment that arrived after its deposit was read explains its line by now. */
async function tieAgain(cx: Context, firmId: string): Promise<void> {
  const ids = await withFirm(cx.database, firmId, (tx) => listUntied(tx, firmId, DEPOSITS_PER_SWEEP));
  for (const id of ids) {
    await withFirm(cx.database, firmId, async (tx) => {
      const deposit = await lockDeposit(tx, firmId, id);
      await tieDeposit(tx, processorContext(cx, firmId), deposit);
    });
  }
}
