import { Hono } from "hono";
import type { WebEnv } from "../web/env.ts";
import { composeRoutes } from "./compose-routes.tsx";
import { linkPageRoutes } from "./link-page-routes.tsx";
import { mattersRoutes } from "./matters-routes.tsx";
import { panelRoutes } from "./panel-routes.tsx";
import { quickRoutes } from "./quick-routes.tsx";
import { sentRoutes } from "./sent-routes.tsx";

/** Every page about asking for money and about what was asked for. */
export const linkRoutes = new Hono<WebEnv>()
  .route("/", mattersRoutes)
  .route("/", composeRoutes)
  .route("/", quickRoutes)
  .route("/", panelRoutes)
  .route("/", linkPageRoutes)
  .route("/", sentRoutes);
