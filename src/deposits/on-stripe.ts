import { z } from "zod";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { findEvent, markHandled } from "../inbox/queries.ts";
import { findMerchantAccount } from "../payments/queries.ts";
import { findAccount } from "../settings/account-queries.ts";
import { ProcessorError } from "../stripe/port.ts";
import { readDeposit } from "./read.ts";

const kept = z.object({ payoutId: z.string().optional() });

/** Acts on a kept event about a payout. It only says where to look; an event that was handled is not looked at again. */
export async function onPayout(cx: Context, input: { firmId: string; inboxEventId: string }): Promise<void> {
  const { firmId, inboxEventId } = input;
  const found = await withFirm(cx.database, firmId, async (tx) => {
    const event = await findEvent(tx, firmId, inboxEventId);
    if (!event || event.handled_at !== null || event.account === null) return undefined;
    const account = await findMerchantAccount(tx, firmId, event.account);
    return { payoutId: kept.parse(event.payload).payoutId, account };
  });
  if (!found) return;
  const { account, payoutId } = found;
  const outcome = account && payoutId !== undefined ? await read(cx, account, payoutId) : "unrelated";
  await withFirm(cx.database, firmId, (tx) => markHandled(tx, firmId, inboxEventId, cx.now(), outcome));
}

/** Reads one payout of one account; for the sweep and for contents that were too many for one run. */
export async function readPayout(
  cx: Context,
  input: { firmId: string; merchantAccountId: string; payoutId: string },
): Promise<void> {
  const { firmId, merchantAccountId, payoutId } = input;
  const account = await withFirm(cx.database, firmId, (tx) => findAccount(tx, firmId, merchantAccountId));
  if (account) await read(cx, account, payoutId);
}

/** What the processor itself no longer has cannot be read by trying again. */
async function read(
  cx: Context,
  account: Parameters<typeof readDeposit>[1],
  payoutId: string,
): Promise<"recorded" | "missing"> {
  try {
    await readDeposit(cx, account, payoutId);
    return "recorded";
  } catch (error) {
    if (!(error instanceof ProcessorError) || error.kind !== "missing") throw error;
    cx.log.warn("the processor has no such payout", { accountId: account.id });
    return "missing";
  }
}
