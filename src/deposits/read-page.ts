import { type Day, dayOf } from "../base/day.ts";
import { isId } from "../base/id.ts";
import { may, type Role } from "../base/permission.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { DepositProps } from "./deposit-view.tsx";
import { anchorOf, listShownLines, sumByKind } from "./detail-queries.ts";
import { countOpen } from "./discrepancy-queries.ts";
import { type DepositFilter, PAGE } from "./filter.ts";
import { countDeposits, getListedDeposit, listDeposits } from "./list-queries.ts";
import type { DepositsProps } from "./list-view.tsx";
import { listFirmAccounts } from "./queries.ts";

type Firm = { id: string; timeZone: string };

const DEPOSITS_PER_PAGE = 25;
const LINES_PER_PAGE = 100;
const UNEXPLAINED_LIMIT = 50;

/** What the list of deposits shows. */
export function readDeposits(
  cx: Context,
  firm: Firm,
  filter: DepositFilter,
): Promise<Omit<DepositsProps, "errors" | "typed">> {
  const today: Day = dayOf(cx.now(), firm.timeZone);
  return withFirm(cx.database, firm.id, async (tx) => ({
    ...(await listDeposits(tx, firm.id, filter, DEPOSITS_PER_PAGE)),
    counts: await countDeposits(tx, firm.id),
    accounts: await listFirmAccounts(tx, firm.id),
    open: await countOpen(tx, firm.id),
    filter,
    today,
  }));
}

/** What the page of one deposit shows, from the line `after` on. Throws `not_found`. */
export function readDepositPage(
  cx: Context,
  firm: Firm,
  wish: { id: string; after: string | undefined; role: Role },
): Promise<DepositProps> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const deposit = await getListedDeposit(tx, firm.id, wish.id);
    const anchors =
      wish.after !== undefined && isId(wish.after)
        ? await listShownLines(tx, firm.id, deposit.id, { id: wish.after, limit: 1 })
        : [];
    const after = anchors[0] && anchorOf(anchors[0]);
    const lines = await listShownLines(tx, firm.id, deposit.id, { after, limit: LINES_PER_PAGE + 1 });
    const shown = lines.slice(0, LINES_PER_PAGE);
    const last = shown.at(-1);
    return {
      deposit,
      totals: await sumByKind(tx, firm.id, deposit.id),
      lines: shown,
      unexplained: await listShownLines(tx, firm.id, deposit.id, {
        unexplained: true,
        limit: UNEXPLAINED_LIMIT,
      }),
      nextHref: lines.length > LINES_PER_PAGE && last ? `${PAGE}/${deposit.id}?after=${last.id}` : undefined,
      isFirstPage: after === undefined,
      timeZone: firm.timeZone,
      mayManage: may(wish.role, "deposits.manage"),
    };
  });
}
