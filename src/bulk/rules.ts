import { dayOf } from "../base/day.ts";
import { conflict } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { getFirm, listAccounts } from "../settings/queries.ts";
import { type DraftRow, typedOf } from "./assess.ts";
import type { Rules } from "./check-row.ts";
import type { ColumnPlaces } from "./columns.ts";
import type { DateOrder } from "./dates.ts";
import { findMattersByNumber } from "./matter-queries.ts";

/**
 * What the rows of an upload are checked by, with the matters that they name. Throws `conflict` when the receiving account is no
 * longer in use.
 */
export async function readRules(
  tx: Tx,
  cx: MemberContext,
  batch: { accountId: string; dateOrder: DateOrder; places: ColumnPlaces },
  rows: readonly Pick<DraftRow, "raw" | "edits">[],
): Promise<Rules> {
  const firm = await getFirm(tx, cx.firmId);
  const accounts = await listAccounts(tx, cx.firmId);
  const account = accounts.find((each) => each.id === batch.accountId);
  if (!account)
    throw conflict("The account that was to receive this is no longer in use. Upload the file again.");
  const numbers = new Set(rows.map((row) => (typedOf(row, batch.places).matter ?? "").trim()));
  numbers.delete("");
  return {
    today: dayOf(cx.now(), firm.time_zone),
    dateOrder: batch.dateOrder,
    account,
    accounts,
    matters: await findMattersByNumber(tx, cx.firmId, [...numbers]),
  };
}
