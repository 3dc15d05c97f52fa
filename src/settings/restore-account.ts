import { record } from "../audit/record.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { listAllAccounts, updateAccount } from "./account-queries.ts";
import { lockAccount } from "./lock-account.ts";

/** Takes an archived account into use again. Throws `not_found`. */
export async function restoreAccount(cx: MemberContext, input: { accountId: string }): Promise<void> {
  demand(cx, "settings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const account = await lockAccount(tx, cx, input.accountId);
    if (account.archived_at === null) return;
    const inUse = (await listAllAccounts(tx, cx.firmId)).filter(
      (each) => each.kind === account.kind && each.archived_at === null,
    );
    const isDefault = !inUse.some((each) => each.is_default);
    await updateAccount(tx, cx.firmId, account.id, { archived_at: null, is_default: isDefault });
    await record(tx, cx, {
      action: "account.restored",
      objectKind: "settings",
      objectId: account.id,
      after: { account: account.name, isDefault: isDefault ? "yes" : "no" },
    });
  });
}
