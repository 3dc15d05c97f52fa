import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { Web } from "./env.ts";

const COOKIE = "sfp_notice";
const LIFETIME_SECONDS = 60;
const LENGTH_LIMIT = 400;

/** The outcome of the last action, shown once at the top of the next page. */
export type Flash = { tone: "good" | "warn" | "bad"; text: string };

/** Keeps a notice for the next page. Plain words only: the browser holds it, and it is shown as text. */
export function setFlash(c: Web, flash: Flash): void {
  const kept = JSON.stringify({ ...flash, text: flash.text.slice(0, LENGTH_LIMIT) });
  setCookie(c, COOKIE, kept, { ...attributesOf(c), maxAge: LIFETIME_SECONDS });
}

/** Takes the notice, if there is one, so that it shows once. */
export function takeFlash(c: Web): Flash | undefined {
  const kept = getCookie(c, COOKIE);
  if (kept === undefined) return undefined;
  deleteCookie(c, COOKIE, attributesOf(c));
  try {
    const flash: unknown = JSON.parse(kept);
    return isFlash(flash) ? flash : undefined;
  } catch {
    // The cookie was changed by its holder; a notice is not worth an error page.
    return undefined;
  }
}

/** The same for setting and taking back: a partitioned cookie is another one than its namesake without a partition. */
function attributesOf(c: Web): CookieOptions {
  const kept = { httpOnly: true, path: "/" };
  return c.get("scope")?.kind === "embed"
    ? { ...kept, sameSite: "None", secure: true, partitioned: true }
    : { ...kept, sameSite: "Lax", secure: c.get("cx").config.PUBLIC_ORIGIN.startsWith("https://") };
}

function isFlash(value: unknown): value is Flash {
  if (typeof value !== "object" || value === null) return false;
  const { tone, text } = value as Record<string, unknown>;
  return (tone === "good" || tone === "warn" || tone === "bad") && typeof text === "string";
}
