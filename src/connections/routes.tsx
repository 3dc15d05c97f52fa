import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { notFound, Problem, statusOf } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm, safePath } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { AUTHORIZATION_LIFETIME_MS, beginAuthorization } from "./begin-authorization.ts";
import { disconnectConnection, pauseConnection, resumeConnection } from "./change-state.ts";
import { choosePosting } from "./choose-posting.ts";
import { callbackAddress, requireConnector } from "./configured.ts";
import { finishAuthorization } from "./finish-authorization.ts";
import { connectorHookRoutes } from "./hook-routes.ts";
import { findConnectionSummary, listConnections } from "./list-connections.ts";
import { fieldId } from "./posting-view.tsx";
import { requestSync } from "./request-sync.ts";
import { AuthorizationFailedView, type ConnectionsProps, ConnectionsView, DisconnectView } from "./views.tsx";

const COOKIE = "sfp_oauth";
const COOKIE_PATH = "/connections/callback";
const PAGE = "/settings/connections";
const NAV = { title: "Connections, Settings", nav: "settings" } as const;

export const connectionRoutes = new Hono<WebEnv>();
connectionRoutes.route("/", connectorHookRoutes);

connectionRoutes.get(PAGE, allow("connections.see"), (c) => showConnections(c, undefined));

connectionRoutes.post("/connections/start/:connector", allow("connections.manage"), async (c) => {
  const form = await readForm(c);
  const connector = c.req.param("connector");
  const connectionId = form.text("connection") === "" ? undefined : form.text("connection");
  const start = await beginAuthorization(memberContext(c), { connector, connectionId });
  setCookie(c, COOKIE, start.browserSecret, {
    httpOnly: true,
    sameSite: "Lax",
    secure: c.get("cx").config.PUBLIC_ORIGIN.startsWith("https://"),
    path: COOKIE_PATH,
    maxAge: AUTHORIZATION_LIFETIME_MS / 1000,
  });
  return c.redirect(start.url, 303);
});

connectionRoutes.get("/connections/callback/:connector", allow("connections.manage"), async (c) => {
  const cx = memberContext(c);
  const connector = c.req.param("connector");
  const { name } = requireConnector(cx, connector).connector.manifest;
  // The address as the vendor knows it: behind a proxy, the request's own may differ.
  const callbackUrl = callbackAddress(cx, connector) + new URL(c.req.url).search;
  const browserSecret = getCookie(c, COOKIE);
  deleteCookie(c, COOKIE, { path: COOKIE_PATH });
  try {
    const done = await finishAuthorization(cx, { connector, callbackUrl, browserSecret });
    const words = done.isNew ? "is connected and is read now" : "is authorized again and is read now";
    setFlash(c, { tone: "good", text: `${done.accountName} at ${name} ${words}.` });
    return c.redirect(PAGE, 303);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    allowVendorForms(c);
    return await renderStaff(
      c,
      { ...NAV, title: `${name} was not connected`, status: statusOf(error.code) as 403 },
      <AuthorizationFailedView connector={connector} systemName={name} message={error.message} />,
    );
  }
});

connectionRoutes.post("/connections/:id/sync", allow("connections.sync"), async (c) => {
  const form = await readForm(c);
  await requestSync(memberContext(c), c.req.param("id"));
  setFlash(c, { tone: "good", text: "Reading has begun. New statements appear as they are read." });
  return c.redirect(safePath(form.text("next")), 303);
});

connectionRoutes.post(`${PAGE}/:id/pause`, allow("connections.manage"), async (c) => {
  const row = await pauseConnection(memberContext(c), c.req.param("id"));
  setFlash(c, {
    tone: "good",
    text: `${row.account_name} is paused: nothing is read or written until you resume.`,
  });
  return c.redirect(PAGE, 303);
});

connectionRoutes.post(`${PAGE}/:id/resume`, allow("connections.manage"), async (c) => {
  const row = await resumeConnection(memberContext(c), c.req.param("id"));
  setFlash(c, { tone: "good", text: `${row.account_name} is resumed and is read now.` });
  return c.redirect(PAGE, 303);
});

connectionRoutes.get(`${PAGE}/:id/disconnect`, allow("connections.manage"), async (c) => {
  const id = c.req.param("id");
  const connection = isId(id) ? await findConnectionSummary(memberContext(c), id) : undefined;
  if (!connection) throw notFound("connection");
  return await renderStaff(c, { ...NAV, title: "Disconnect" }, <DisconnectView connection={connection} />);
});

connectionRoutes.post(`${PAGE}/:id/disconnect`, allow("connections.manage"), async (c) => {
  const row = await disconnectConnection(memberContext(c), c.req.param("id"));
  setFlash(c, { tone: "good", text: `${row.account_name} is disconnected.` });
  return c.redirect(PAGE, 303);
});

connectionRoutes.post(`${PAGE}/:id/posting`, allow("connections.manage"), async (c) => {
  const form = await readForm(c);
  const connectionId = c.req.param("id");
  const typed = { connectionId, release: form.text("release"), postedDate: form.text("postedDate") };
  try {
    await choosePosting(memberContext(c), typed);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    const errors = Object.entries(error.fields).map(([field, text]) => [fieldId(field, connectionId), text]);
    return await showConnections(c, { ...typed, errors: Object.fromEntries(errors) });
  }
  setFlash(c, { tone: "good", text: "Saved. It applies to payments from now on." });
  return c.redirect(PAGE, 303);
});

async function showConnections(c: Web, failed: ConnectionsProps["failed"]): Promise<Response> {
  const cx = memberContext(c);
  const { connections, systems } = await listConnections(cx);
  allowVendorForms(c);
  return await renderStaff(
    c,
    { ...NAV, errors: failed?.errors },
    <ConnectionsView
      member={getScope(c).member}
      connections={connections}
      systems={systems}
      now={cx.now()}
      nonce={c.get("nonce")}
      failed={failed}
    />,
  );
}

/** The forms of these pages lead on to the vendors' consent pages. */
function allowVendorForms(c: Web): void {
  const origins = [...c.get("cx").connectors.values()].map(({ registration }) => registration.origin);
  c.set("formTargets", [...c.get("formTargets"), ...origins]);
}
