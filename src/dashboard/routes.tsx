import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { madeFrom } from "./figure-queries.ts";
import { readKind } from "./kinds.ts";
import { readDashboard } from "./read-dashboard.ts";
import { listReceived } from "./received-queries.ts";
import { ReceivedView, receivedHref } from "./received-view.tsx";
import { DashboardView } from "./views.tsx";
import { firstMonday, shownMonday } from "./weeks.ts";

const PAGE_SIZE = 50;
const LAST_PAGE = 10_000;

export const dashboardRoutes = new Hono<WebEnv>();

dashboardRoutes.get("/", allow("dashboard.see"), async (c) => {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  const kind = readKind(c.req.query("kind"));
  const dashboard = await readDashboard(cx, firm, member.role, kind);
  const today = dayOf(cx.now(), firm.timeZone);
  const props = { dashboard, role: member.role, today, currency: firm.currency, kind };
  return await renderStaff(c, { title: "Today", nav: "today" }, <DashboardView {...props} />);
});

dashboardRoutes.get("/received", allow("dashboard.see"), async (c) => {
  const { firm } = getScope(c);
  const { timeZone } = firm;
  const cx = c.get("cx");
  const today = dayOf(cx.now(), timeZone);
  const monday = shownMonday(c.req.query("week") ?? "", today);
  const page = readPage(c.req.query("page"));
  const week = { monday, timeZone, madeFrom: madeFrom(firstMonday(today)) };
  const { payments, total } = await withFirm(cx.database, firm.id, (tx) =>
    listReceived(tx, firm.id, week, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE }),
  );
  // A page that is no longer there leads to the first.
  if (payments.length === 0 && page > 1) return c.redirect(receivedHref(monday), 303);
  const props = { monday, payments, total, page, pageSize: PAGE_SIZE, timeZone };
  return await renderStaff(c, { title: "Received", nav: "today" }, <ReceivedView {...props} />);
});

function readPage(text: string | undefined): number {
  const page = Number(text ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1;
}
