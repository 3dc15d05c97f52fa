import { Hono } from "hono";
import type { WebEnv } from "../web/env.ts";
import { columnsRoutes } from "./columns-routes.ts";
import { composeRoutes } from "./compose-routes.tsx";
import { linkPageRoutes } from "./link-page-routes.tsx";
import { manyCopyRoutes } from "./many-copy-routes.tsx";
import { manyRoutes } from "./many-routes.tsx";
import { mattersRoutes } from "./matters-routes.tsx";
import { panelRoutes } from "./panel-routes.tsx";
import { quickRoutes } from "./quick-routes.tsx";
import { savedViewRoutes } from "./saved-view-routes.tsx";
import { sentExportRoutes } from "./sent-export-routes.ts";
import { sentRoutes } from "./sent-routes.tsx";

/** Every page about asking for money and about what was asked for. */
export const linkRoutes = new Hono<WebEnv>()
  .route("/", mattersRoutes)
  .route("/", composeRoutes)
  .route("/", quickRoutes)
  .route("/", panelRoutes)
  .route("/", linkPageRoutes)
  .route("/", sentRoutes)
  .route("/", sentExportRoutes)
  .route("/", columnsRoutes)
  .route("/", savedViewRoutes)
  .route("/", manyRoutes)
  .route("/", manyCopyRoutes);
