import { createHash, randomBytes } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SESSION_COOKIE as OIDC_SESSION_COOKIE } from "./oidc.ts";
import type { Store } from "./store.ts";
import type { User } from "./users.ts";

const COOKIE = "docket_session";
const TOKEN_BYTES = 32;
const LIFETIME_SECONDS = 14 * 86_400;

/** The user signed in to Docket's own screens in this browser, or undefined. */
export function signedInUser(store: Store, context: Context): User | undefined {
  const token = getCookie(context, COOKIE);
  if (token === undefined) return undefined;
  return store.find<User>(
    `select users.id, users.name, users.email, users.role from browser_sessions
     join users on users.id = browser_sessions.user_id where token_hash = ? and expires_at > ?`,
    hashOf(token),
    Date.now(),
  );
}

/** Signs a user in to Docket's screens; the authorization server learns of it at the next interaction. */
export function signIn(store: Store, context: Context, userId: string): void {
  signOut(store, context);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  store.run(
    "insert into browser_sessions (token_hash, user_id, expires_at) values (?, ?, ?)",
    hashOf(token),
    userId,
    Date.now() + LIFETIME_SECONDS * 1000,
  );
  setCookie(context, COOKIE, token, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    maxAge: LIFETIME_SECONDS,
  });
}

/** Signs out of the screens and of the authorization server, so that the two never name different people. */
export function signOut(store: Store, context: Context): void {
  const token = getCookie(context, COOKIE);
  if (token !== undefined) store.run("delete from browser_sessions where token_hash = ?", hashOf(token));
  deleteCookie(context, COOKIE, { path: "/" });
  deleteCookie(context, OIDC_SESSION_COOKIE, { path: "/" });
  deleteCookie(context, `${OIDC_SESSION_COOKIE}.sig`, { path: "/" });
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
