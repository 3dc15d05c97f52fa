import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { readKind } from "./kinds.ts";
import { periodOf, shownMonth, shownMonths } from "./months.ts";
import { readPace } from "./pace-queries.ts";
import { readDashboard, systemName } from "./read-dashboard.ts";
import { listReceived } from "./received-queries.ts";
import { ReceivedView, receivedHref, receivedInHref } from "./received-view.tsx";
import { DashboardView } from "./views.tsx";
import { shownMonday, weekOf } from "./weeks.ts";
import { listWritten } from "./written-queries.ts";
import { WrittenView, writtenHref } from "./written-view.tsx";

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
  const asked = c.req.query("month");
  const month = asked === undefined ? undefined : shownMonth(asked, today);
  const monday = shownMonday(c.req.query("week") ?? "", today);
  const period = month === undefined ? weekOf(monday, timeZone) : periodOf(month, month, timeZone);
  const page = readPage(c.req.query("page"));
  const { payments, total, pace } = await withFirm(cx.database, firm.id, async (tx) => ({
    ...(await listReceived(tx, firm.id, period, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })),
    pace: month === undefined ? [] : await readPace(tx, firm.id, period),
  }));
  // A page that is no longer there leads to the first.
  if (payments.length === 0 && page > 1)
    return c.redirect(month === undefined ? receivedHref(monday) : receivedInHref(month), 303);
  const shown = month === undefined ? { monday } : { month, months: shownMonths(today) };
  const props = { shown, pace: pace[0], payments, total, page, pageSize: PAGE_SIZE, timeZone };
  return await renderStaff(c, { title: "Received", nav: "today" }, <ReceivedView {...props} />);
});

dashboardRoutes.get("/written", allow("postings.see"), async (c) => {
  const { firm } = getScope(c);
  const { timeZone } = firm;
  const cx = c.get("cx");
  const today = dayOf(cx.now(), timeZone);
  const month = shownMonth(c.req.query("month") ?? "", today);
  const again = c.req.query("only") === "again";
  const page = readPage(c.req.query("page"));
  const wish = {
    period: periodOf(month, month, timeZone),
    again,
    offset: (page - 1) * PAGE_SIZE,
    limit: PAGE_SIZE,
  };
  const found = await withFirm(cx.database, firm.id, (tx) => listWritten(tx, firm.id, wish));
  if (found.postings.length === 0 && page > 1) return c.redirect(writtenHref(month, { again }), 303);
  const postings = found.postings.map((each) => ({ ...each, system: systemName(cx, each.connector) }));
  const counts = { total: found.total, again: found.again };
  const props = { months: shownMonths(today), month, again, postings, counts, page, pageSize: PAGE_SIZE };
  return await renderStaff(
    c,
    { title: "Postings written", nav: "today" },
    <WrittenView {...props} timeZone={timeZone} />,
  );
});

function readPage(text: string | undefined): number {
  const page = Number(text ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1;
}
