import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { allow } from "../web/allow.ts";
import type { WebEnv } from "../web/env.ts";
import { readForm, safePath } from "../web/form.ts";
import { demandCalm } from "../web/limit.ts";
import { setSessionCookie } from "../web/session.ts";
import { AUTHORIZATION_LIFETIME_MS } from "./begin-authorization.ts";
import { beginSignIn, finishSignIn } from "./sign-in.ts";

const COOKIE = "sfp_signin";
const LIMIT = { name: "sign-in with a matter system", limit: 20, windowSeconds: 60 } as const;

export const signInRoutes = new Hono<WebEnv>();

signInRoutes.post("/signin/start/:connector", allow("public"), async (c) => {
  demandCalm(c, LIMIT);
  const cx = c.get("cx");
  const nextPath = safePath((await readForm(c)).text("next"));
  const { url, browserSecret } = await beginSignIn(cx, { connector: c.req.param("connector"), nextPath });
  setCookie(c, COOKIE, browserSecret, {
    httpOnly: true,
    // Lax: the browser comes back from another site.
    sameSite: "Lax",
    secure: cx.config.PUBLIC_ORIGIN.startsWith("https://"),
    path: "/signin/callback",
    maxAge: AUTHORIZATION_LIFETIME_MS / 1000,
  });
  return c.redirect(url, 303);
});

signInRoutes.get("/signin/callback/:connector", allow("public"), async (c) => {
  demandCalm(c, LIMIT);
  const { secret, nextPath } = await finishSignIn(c.get("cx"), {
    connector: c.req.param("connector"),
    callbackUrl: c.get("cx").config.PUBLIC_ORIGIN + c.req.path + new URL(c.req.url).search,
    browserSecret: getCookie(c, COOKIE),
    requestId: c.get("requestId"),
  });
  deleteCookie(c, COOKIE, { path: "/signin/callback" });
  setSessionCookie(c, "direct", secret);
  return c.redirect(safePath(nextPath), 303);
});
