import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Web } from "./env.ts";

const COOKIE = "sfp_notice";
const LIFETIME_SECONDS = 60;
const LENGTH_LIMIT = 400;

/** The outcome of the last action, shown once at the top of the next page. */
export type Flash = { tone: "good" | "warn" | "bad"; text: string };

/** Keeps a notice for the next page. Plain words only: the browser holds it, and it is shown as text. */
export function setFlash(c: Web, flash: Flash): void {
  const embedded = c.get("scope")?.kind === "embed";
  setCookie(
    c,
    COOKIE,
    encodeURIComponent(JSON.stringify({ ...flash, text: flash.text.slice(0, LENGTH_LIMIT) })),
    {
      httpOnly: true,
      path: "/",
      maxAge: LIFETIME_SECONDS,
      ...(embedded ? { sameSite: "None", secure: true, partitioned: true } : { sameSite: "Lax" }),
    },
  );
}

/** Takes the notice, if there is one, so that it shows once. */
export function takeFlash(c: Web): Flash | undefined {
  const kept = getCookie(c, COOKIE);
  if (kept === undefined) return undefined;
  deleteCookie(c, COOKIE, { path: "/", secure: c.get("scope")?.kind === "embed" });
  try {
    const flash: unknown = JSON.parse(decodeURIComponent(kept));
    return isFlash(flash) ? flash : undefined;
  } catch {
    // The cookie was changed by its holder; a notice is not worth an error page.
    return undefined;
  }
}

function isFlash(value: unknown): value is Flash {
  if (typeof value !== "object" || value === null) return false;
  const { tone, text } = value as Record<string, unknown>;
  return (tone === "good" || tone === "warn" || tone === "bad") && typeof text === "string";
}
