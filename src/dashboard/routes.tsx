import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { allow } from "../web/allow.ts";
import { getScope, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { readDashboard } from "./read-dashboard.ts";
import { DashboardView } from "./views.tsx";

export const dashboardRoutes = new Hono<WebEnv>();

dashboardRoutes.get("/", allow("dashboard.see"), async (c) => {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  const dashboard = await readDashboard(cx, firm, member.role);
  const today = dayOf(cx.now(), firm.timeZone);
  const view = (
    <DashboardView dashboard={dashboard} role={member.role} today={today} currency={firm.currency} />
  );
  return await renderStaff(c, { title: "Today", nav: "today" }, view);
});
