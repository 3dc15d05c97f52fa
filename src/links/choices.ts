import type { Tx } from "../db/tx.ts";
import { listPayers, type PayerRow } from "../matters/queries.ts";
import { findDefaultAccount } from "../settings/queries.ts";
import type { AccountKind } from "./plan.ts";

/** Last four digits of the default account of each kind, where the firm has one. */
export type DefaultAccounts = Partial<Record<AccountKind, string>>;

/** The accounts that money goes into, for the badges beside amounts. */
export async function readDefaultAccounts(tx: Tx, firmId: string): Promise<DefaultAccounts> {
  const operating = await findDefaultAccount(tx, firmId, "operating");
  const trust = await findDefaultAccount(tx, firmId, "trust");
  return { ...(operating ? { operating: operating.last4 } : {}), ...(trust ? { trust: trust.last4 } : {}) };
}

/** Who may be asked to pay on these matters, assigned payers first. Somebody who is named on several matters comes once. */
export async function listPayerChoices(
  tx: Tx,
  firmId: string,
  matterIds: readonly string[],
): Promise<PayerRow[]> {
  const seen = new Map<string, PayerRow>();
  for (const payer of await listPayers(tx, firmId, matterIds)) {
    const key = `${payer.name} ${payer.email ?? ""}`.toLowerCase();
    if (!seen.has(key)) seen.set(key, payer);
  }
  return [...seen.values()];
}
