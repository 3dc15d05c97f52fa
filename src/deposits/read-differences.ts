import { may, type Role } from "../base/permission.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { systemName } from "../postings/assess.ts";
import { listAuthorized } from "./compare-queries.ts";
import { listDiscrepancies } from "./discrepancy-queries.ts";
import type { DifferencesProps, LookLine } from "./discrepancy-view.tsx";
import { listFirmAccounts } from "./queries.ts";
import { listLooks } from "./sweep-queries.ts";

const OPEN_LIMIT = 200;
const CLOSED_LIMIT = 20;

/** What the page of differences shows. */
export function readDifferences(
  cx: Context,
  firm: { id: string; timeZone: string },
  role: Role,
): Promise<DifferencesProps> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const names = new Map<string, string>([["books", "Payments and their postings"]]);
    for (const account of await listFirmAccounts(tx, firm.id))
      names.set(`account:${account.id}`, `${account.name} ··${account.last4} at the card processor`);
    for (const { id, connector } of await listAuthorized(tx, firm.id))
      names.set(`connection:${id}`, `Entries in ${systemName(cx, connector)}`);
    const looks = (await listLooks(tx, firm.id)).flatMap((look): LookLine[] => {
      const name = names.get(look.subject);
      return name === undefined ? [] : [{ name, ranAt: look.ranAt, failure: look.failure }];
    });
    return {
      open: await listDiscrepancies(tx, firm.id, { open: true, limit: OPEN_LIMIT }),
      closed: await listDiscrepancies(tx, firm.id, { open: false, limit: CLOSED_LIMIT }),
      looks,
      timeZone: firm.timeZone,
      now: cx.now(),
      mayManage: may(role, "deposits.manage"),
    };
  });
}
