import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { firstSettingsPage } from "../ui/nav.tsx";
import { allow } from "../web/allow.ts";
import { getScope, type WebEnv } from "../web/env.ts";
import { accountRoutes } from "./account-routes.tsx";
import { logoRoutes } from "./logo-routes.ts";
import { messageRoutes } from "./message-routes.tsx";
import { notificationRoutes } from "./notification-routes.tsx";
import { pageRoutes } from "./page-routes.tsx";
import { sectionRoutes } from "./section-routes.tsx";

/** What an administrator sets, a page per matter, and the firm's logo for everybody. */
export const settingsRoutes = new Hono<WebEnv>();

settingsRoutes.get("/settings", allow("settings.manage"), (c) => {
  const first = firstSettingsPage(getScope(c).member.role);
  if (first === undefined) throw new Problem("forbidden", "Your role does not include settings.");
  return c.redirect(first, 303);
});

for (const routes of [
  messageRoutes,
  pageRoutes,
  sectionRoutes,
  notificationRoutes,
  accountRoutes,
  logoRoutes,
])
  settingsRoutes.route("/", routes);
