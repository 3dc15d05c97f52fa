import { Hono } from "hono";
import type { WebEnv } from "../web/env.ts";
import { linkReminderRoutes } from "./link-routes.tsx";
import { reminderSettingsRoutes } from "./settings-routes.tsx";

/** Smart Reminders: the firm's rules, and what they come to for one link. */
export const reminderRoutes = new Hono<WebEnv>();
for (const routes of [reminderSettingsRoutes, linkReminderRoutes]) reminderRoutes.route("/", routes);
