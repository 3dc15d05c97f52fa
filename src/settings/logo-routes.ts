import { Hono } from "hono";
import { notFound } from "../base/error.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { allow } from "../web/allow.ts";
import type { WebEnv } from "../web/env.ts";
import { findLogoContent } from "./logo-queries.ts";
import { findFirmIdBySlug } from "./queries.ts";

const SLUG = /^[a-z0-9-]{1,60}$/;
const HASH = /^[0-9a-f]{32}$/;
/** The address changes with the content. A year is the longest time that caches honour. */
const FOR_EVER = "public, max-age=31536000, immutable";
/** An SVG that is opened by itself is a document: it runs nothing, loads nothing and belongs to no site. */
const INERT = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export const logoRoutes = new Hono<WebEnv>();

logoRoutes.get("/logo/:slug/:hash", allow("public"), async (c) => {
  const { slug, hash } = c.req.param();
  const { database } = c.get("cx");
  if (!SLUG.test(slug) || !HASH.test(hash)) throw notFound("logo");
  const firmId = await transact(database, (tx) => findFirmIdBySlug(tx, slug));
  const logo = firmId && (await withFirm(database, firmId, (tx) => findLogoContent(tx, firmId, hash)));
  if (!logo) throw notFound("logo");
  return c.body(new Uint8Array(logo.content), 200, {
    "Content-Type": logo.media_type,
    "Cache-Control": FOR_EVER,
    "Content-Security-Policy": INERT,
    "X-Content-Type-Options": "nosniff",
    // Mail programs in a browser show it on pages of their own.
    "Cross-Origin-Resource-Policy": "cross-origin",
  });
});
