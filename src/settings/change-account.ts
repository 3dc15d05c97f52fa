import { record } from "../audit/record.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { accountInWords, readChoices, type TypedAccount } from "./account-form.ts";
import { type AccountRow, clearDefault, updateAccount } from "./account-queries.ts";
import { lockAccount } from "./lock-account.ts";
import { changedParts, demandCurrent, versionOf } from "./section.ts";

/** Stands for what a member saw of an account. */
export function accountVersion(account: AccountRow): string {
  return versionOf([accountInWords(account), account.archived_at !== null]);
}

/**
 * Changes name, methods and ledger code of an account, and makes it the default of its kind. Throws `invalid` by box, `not_found`,
 * `conflict` when it is archived or somebody else changed it meanwhile.
 */
export async function changeAccount(
  cx: MemberContext,
  input: { accountId: string; typed: TypedAccount; seen: string },
): Promise<void> {
  demand(cx, "settings.manage");
  const choices = readChoices(input.typed);
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const account = await lockAccount(tx, cx, input.accountId);
    if (account.archived_at !== null) throw conflict(`${account.name} is archived. Bring it back first.`);
    demandCurrent(input.seen, accountVersion(account));
    if (account.is_default && !input.typed.isDefault)
      throw invalid({ isDefault: `Make another ${account.kind} account the default instead` });
    const next = {
      name: choices.name,
      methods: choices.methods,
      ledger_code: choices.ledgerCode,
      is_default: input.typed.isDefault,
    };
    const parts = changedParts(accountInWords(account), accountInWords(next));
    if (Object.keys(parts.after).length === 0) return;
    if (next.is_default && !account.is_default) await clearDefault(tx, cx.firmId, account.kind);
    await updateAccount(tx, cx.firmId, account.id, next);
    await record(tx, cx, {
      action: "account.changed",
      objectKind: "settings",
      objectId: account.id,
      before: { account: account.name, ...parts.before },
      after: { account: next.name, ...parts.after },
    });
  });
}
