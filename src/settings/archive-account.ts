import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { type AccountRow, countOpenLinks, listAllAccounts, updateAccount } from "./account-queries.ts";
import { lockAccount } from "./lock-account.ts";

/** Why an account cannot be archived, in words, or undefined. */
export async function whyNotArchive(tx: Tx, account: AccountRow): Promise<string | undefined> {
  if (!account.is_default) return undefined;
  const others = (await listAllAccounts(tx, account.firm_id)).filter(
    (each) => each.kind === account.kind && each.id !== account.id && each.archived_at === null,
  );
  if (others.length > 0)
    return `${account.name} receives ${account.kind} money by default. Make another one the default first.`;
  const count = await countOpenLinks(tx, account.firm_id, account.id);
  if (count === 0) return undefined;
  const links = count === 1 ? "1 open link is" : `${count.toLocaleString("en-US")} open links are`;
  return `${account.name} is the firm’s only ${account.kind} account, and ${links} still to be paid into it. Wait until they are paid, or cancel them first.`;
}

/** Takes an account out of use. Links already sent can still be paid into it. Throws `not_found`, and `conflict` with the reason. */
export async function archiveAccount(cx: MemberContext, input: { accountId: string }): Promise<void> {
  demand(cx, "settings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const account = await lockAccount(tx, cx, input.accountId);
    if (account.archived_at !== null) return;
    const reason = await whyNotArchive(tx, account);
    if (reason !== undefined) throw conflict(reason);
    await updateAccount(tx, cx.firmId, account.id, { archived_at: cx.now(), is_default: false });
    await record(tx, cx, {
      action: "account.archived",
      objectKind: "settings",
      objectId: account.id,
      before: { account: account.name, isDefault: account.is_default ? "yes" : "no" },
      after: { account: account.name },
    });
  });
}
