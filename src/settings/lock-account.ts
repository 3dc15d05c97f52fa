import { notFound } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { type AccountRow, findAccount } from "./account-queries.ts";
import { lockSettings } from "./queries.ts";

/** Changes of a firm's accounts take turns: one of each kind is the default at any time. Throws `not_found`. */
export async function lockAccount(tx: Tx, cx: MemberContext, accountId: string): Promise<AccountRow> {
  await lockSettings(tx, cx.firmId);
  const account = await findAccount(tx, cx.firmId, accountId);
  if (!account) throw notFound("account");
  return account;
}
