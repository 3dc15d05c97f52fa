import { Hono } from "hono";
import type { WebEnv } from "../web/env.ts";
import { downloadRoutes } from "./download-routes.ts";
import { reviewRoutes } from "./review-routes.tsx";
import { sendRoutes } from "./send-routes.tsx";
import { uploadRoutes } from "./upload-routes.tsx";

/** Bulk Upload: from a file over its rows to their links. */
export const bulkRoutes = new Hono<WebEnv>()
  .route("/", downloadRoutes)
  .route("/", uploadRoutes)
  .route("/", reviewRoutes)
  .route("/", sendRoutes);
