import type { MiddlewareHandler } from "hono";
import { Problem } from "../base/error.ts";
import { newId, newSecret } from "../base/id.ts";
import type { Web, WebEnv } from "./env.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const TWO_YEARS_SECONDS = 63_072_000;

/** Gives each request an id and a nonce. */
export const identify: MiddlewareHandler<WebEnv> = async (c, next) => {
  c.set("requestId", newId());
  c.set("nonce", newSecret().slice(0, 22));
  c.set("frameAncestors", []);
  c.set("formTargets", []);
  c.set("widgetSources", undefined);
  c.header("X-Request-Id", c.get("requestId"));
  await next();
};

/**
 * Refuses forms that another site made the browser send: by Sec-Fetch-Site where the browser says it, else by an exact Origin, and
 * with neither not at all. Not for doors where the caller signs what it sends (webhooks, launch tickets): these hold no cookie.
 */
export const refuseForeignForms: MiddlewareHandler<WebEnv> = async (c, next) => {
  if (!SAFE_METHODS.has(c.req.method) && !comesFromUs(c)) {
    throw new Problem(
      "forbidden",
      "This request did not come from our own pages. Open the page again and repeat what you did.",
    );
  }
  await next();
};

function comesFromUs(c: Web): boolean {
  const site = c.req.header("Sec-Fetch-Site");
  if (site !== undefined) return site === "same-origin";
  return c.req.header("Origin") === c.get("cx").config.PUBLIC_ORIGIN;
}

/** Writes the security headers of every answer. The handler may have named frame ancestors and form targets. */
export const secureHeaders: MiddlewareHandler<WebEnv> = async (c, next) => {
  await next();
  const ancestors = c.get("frameAncestors");
  const headers = c.res.headers;
  if (!headers.has("Content-Security-Policy"))
    headers.set("Content-Security-Policy", contentSecurityPolicy(c));
  if (ancestors.length === 0) headers.set("X-Frame-Options", "DENY");
  headers.set("Referrer-Policy", "same-origin");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  if (!headers.has("Cross-Origin-Resource-Policy"))
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  if (c.get("cx").config.PUBLIC_ORIGIN.startsWith("https://")) {
    headers.set("Strict-Transport-Security", `max-age=${TWO_YEARS_SECONDS}; includeSubDomains`);
  }
};

function contentSecurityPolicy(c: Web): string {
  const nonce = `'nonce-${c.get("nonce")}'`;
  const ancestors = c.get("frameAncestors");
  const widget = c.get("widgetSources");
  const also = (kind: "script" | "style" | "connect") => (widget?.[kind] ?? []).map((source) => ` ${source}`);
  return [
    "default-src 'none'",
    `script-src ${nonce}${also("script").join("")}`,
    `style-src 'self' ${nonce}${also("style").join("")}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${also("connect").join("")}`,
    ...(widget ? widgetDirectives(widget.frame) : []),
    // Chromium applies this to the redirect that answers a form, too: the payer's form leads to the processor.
    `form-action ${["'self'", ...c.get("formTargets")].join(" ")}`,
    "base-uri 'none'",
    "object-src 'none'",
    `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(" ")}`,
    // The scripts of others write markup; on such a page there is none of ours to guard.
    ...(widget ? [] : ["require-trusted-types-for 'script'", "trusted-types htmx"]),
  ].join("; ");
}

/** The makers of captchas show a frame and hide their own field with a style attribute; no style element comes in by that. */
function widgetDirectives(frames: readonly string[]): string[] {
  return [`frame-src ${frames.join(" ")}`, "style-src-attr 'unsafe-inline'"];
}
