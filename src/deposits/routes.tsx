import { Hono } from "hono";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { type SheetFormat, sendSheet } from "../web/sheet.ts";
import { DepositView } from "./deposit-view.tsx";
import { differenceRoutes } from "./difference-routes.tsx";
import { depositSheet } from "./export.ts";
import { depositsHref, readFilter } from "./filter.ts";
import { DepositsView } from "./list-view.tsx";
import { readDepositPage, readDeposits } from "./read-page.ts";
import { reportRoutes } from "./report-routes.tsx";

export const depositRoutes = new Hono<WebEnv>();

depositRoutes.get("/deposits", allow("deposits.see"), async (c) => {
  const { firm } = getScope(c);
  const { filter, errors } = readFilter((name) => c.req.query(name));
  const list = await readDeposits(c.get("cx"), firm, filter);
  // A page that is no longer there leads to the first.
  if (list.deposits.length === 0 && (filter.after ?? filter.before) !== undefined)
    return c.redirect(depositsHref({ ...filter, after: undefined, before: undefined }), 303);
  const isWrong = Object.keys(errors).length > 0;
  const typed = isWrong ? { from: c.req.query("from") ?? "", to: c.req.query("to") ?? "" } : undefined;
  const view = <DepositsView {...list} errors={isWrong ? errors : undefined} typed={typed} />;
  return await renderStaff(
    c,
    { title: "Deposits", nav: "deposits", errors: isWrong ? errors : undefined },
    view,
  );
});

// Before the page of one deposit, whose address would take these names for an id.
depositRoutes.route("/", differenceRoutes);
depositRoutes.route("/", reportRoutes);

depositRoutes.get("/deposits/:id", allow("deposits.see"), async (c) => {
  const { firm, member } = getScope(c);
  const wish = { id: c.req.param("id"), after: c.req.query("after"), role: member.role };
  const page = await readDepositPage(c.get("cx"), firm, wish);
  const title = `Deposit ${page.deposit.reference}`;
  return await renderStaff(c, { title, nav: "deposits" }, <DepositView {...page} />);
});

depositRoutes.get("/deposits/:id/lines.csv", allow("deposits.see"), (c) => sendLines(c, "csv"));
depositRoutes.get("/deposits/:id/lines.xlsx", allow("deposits.see"), (c) => sendLines(c, "xlsx"));

async function sendLines(c: Web, format: SheetFormat): Promise<Response> {
  const { timeZone } = getScope(c).firm;
  const input = { depositId: c.req.param("id") ?? "", timeZone };
  const { deposit, columns, rows } = await depositSheet(memberContext(c), input);
  return sendSheet(c, { name: `deposit ${deposit.reference}`, format, columns, timeZone }, rows);
}
