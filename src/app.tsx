import { Hono, type Context as HonoContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { recordRoutes } from "./audit/routes.tsx";
import { Problem, statusOf } from "./base/error.ts";
import { bulkRoutes } from "./bulk/routes.tsx";
import { FILE_SIZE_LIMIT_BYTES } from "./bulk/upload.ts";
import { connectionRoutes } from "./connections/routes.tsx";
import { signInRoutes } from "./connections/sign-in-routes.ts";
import type { Context } from "./context.ts";
import { dashboardRoutes } from "./dashboard/routes.tsx";
import { transact } from "./db/tx.ts";
import { deliveryRoutes } from "./delivery/routes.tsx";
import { depositRoutes } from "./deposits/routes.tsx";
import { linkRoutes } from "./links/routes.tsx";
import { showBroken } from "./pay/page.tsx";
import { previewRoutes } from "./pay/preview-routes.tsx";
import { isPayerPath, showPayProblem } from "./pay/problem.tsx";
import { payRoutes } from "./pay/routes.tsx";
import { paymentRoutes } from "./payments/routes.tsx";
import { postingRoutes } from "./postings/routes.tsx";
import { reminderRoutes } from "./reminders/routes.tsx";
import { settingsRoutes } from "./settings/routes.tsx";
import { teamRoutes } from "./team/routes.tsx";
import { ASSET_CACHE_CONTROL, findAsset } from "./ui/assets.ts";
import { PlainPage } from "./ui/page.tsx";
import { allow } from "./web/allow.ts";
import type { WebEnv } from "./web/env.ts";
import { identify, refuseForeignForms, secureHeaders } from "./web/guard.ts";
import { findScope } from "./web/session.ts";

const BODY_LIMIT_BYTES = 256 * 1024;
/** A file and the form around it. A little more than the file may have, so that a larger one is named as such beside its field. */
const UPLOAD_LIMIT_BYTES = FILE_SIZE_LIMIT_BYTES + 1024 * 1024;
const UPLOAD_PATH = "/bulk";
/** A logo and the form around it; with room, so that a picture that is too large is named beside its field. */
const LOGO_LIMIT_BYTES = 4 * 1024 * 1024;
const LOGO_PATHS = ["/settings/page", "/settings/page/preview"];
/** Doors where the caller proves itself by what it sends; it has no cookie of ours. */
const SIGNED_PATHS = /^\/(hooks|embed\/launch)\//;
const TITLES = {
  invalid: "This cannot be done",
  not_found: "There is no such page",
  forbidden: "This is not open to you",
  signed_out: "Sign in first",
  conflict: "Something changed meanwhile",
  expired: "This is too old",
  too_many: "Too many tries",
  unavailable: "Not available just now",
} as const;

/** The whole web part: middleware in its order, then every feature's routes. Runs on Node and on Workers. */
export function makeApp(cx: Context): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    c.set("cx", cx);
    await next();
  });
  app.use(identify, secureHeaders);
  app.get("/static/:name", allow("public"), (c) => {
    const found = findAsset(c.req.path);
    if (!found) throw new Problem("not_found", "There is no such file.");
    return c.body(found.body, 200, { "Content-Type": found.type, "Cache-Control": ASSET_CACHE_CONTROL });
  });
  app.get("/health/live", allow("public"), (c) => c.json({ ok: true }));
  app.get("/health/ready", allow("public"), async (c) => {
    await transact(cx.database, async () => undefined);
    return c.json({ ok: true });
  });
  const limitBody = limitTo(BODY_LIMIT_BYTES, "This is more than the page can take.");
  const limitUpload = limitTo(
    UPLOAD_LIMIT_BYTES,
    "The file is larger than 10 MB. Split it and upload the parts.",
  );
  const limitLogo = limitTo(
    LOGO_LIMIT_BYTES,
    "The logo is larger than 1 MB. Make it smaller and choose it again.",
  );
  app.use((c, next) => {
    const limit = LOGO_PATHS.includes(c.req.path) ? limitLogo : limitBody;
    return (c.req.path === UPLOAD_PATH ? limitUpload : limit)(c, next);
  });
  app.use(async (c, next) => {
    if (!SIGNED_PATHS.test(c.req.path)) return await refuseForeignForms(c, next);
    await next();
  });
  app.use(async (c, next) => {
    c.set("scope", await findScope(c));
    await next();
  });
  for (const routes of featureRoutes) app.route("/", routes);
  app.notFound((c) =>
    isPayerPath(c.req.path)
      ? showBroken(c)
      : showProblem(c, new Problem("not_found", "There is no page at this address.")),
  );
  app.onError((error, c) => showError(cx, error, c));
  return app;
}

const featureRoutes = [
  recordRoutes,
  settingsRoutes,
  teamRoutes,
  signInRoutes,
  connectionRoutes,
  linkRoutes,
  bulkRoutes,
  deliveryRoutes,
  reminderRoutes,
  payRoutes,
  previewRoutes,
  paymentRoutes,
  postingRoutes,
  depositRoutes,
  dashboardRoutes,
];

function limitTo(maxSize: number, message: string) {
  return bodyLimit({ maxSize, onError: () => fail("invalid", message) });
}

function fail(code: "invalid", message: string): never {
  throw new Problem(code, message);
}

function showError(cx: Context, error: unknown, c: HonoContext<WebEnv>): Response | Promise<Response> {
  const isPayers = isPayerPath(c.req.path);
  if (error instanceof Problem) return isPayers ? showPayProblem(c, error) : showProblem(c, error);
  const reference = c.get("requestId");
  cx.log.error("a request failed", { requestId: reference, method: c.req.method, route: routeOf(c) }, error);
  if (isPayers) return showPayProblem(c, error);
  const message =
    "Nothing was lost, but this did not work. Try again; if it happens again, tell support the reference.";
  return c.html(<PlainPage title="Something went wrong" message={message} reference={reference} />, 500);
}

function showProblem(c: HonoContext<WebEnv>, problem: Problem): Response | Promise<Response> {
  if (problem.code === "signed_out" && c.req.method === "GET" && !c.req.path.startsWith("/embed/")) {
    return c.redirect(`/signin?next=${encodeURIComponent(c.req.path)}`, 303);
  }
  const page = (
    <PlainPage title={TITLES[problem.code]} message={problem.message} action={wayOut(c, problem)} />
  );
  return c.html(page, statusOf(problem.code));
}

function wayOut(c: HonoContext<WebEnv>, problem: Problem): { label: string; href: string } | undefined {
  if (problem.code === "signed_out" || c.req.path.startsWith("/signin/"))
    return { label: "Sign in", href: "/signin" };
  return c.get("scope") ? { label: "Go to Today", href: "/" } : undefined;
}

/** The pattern, never the address itself: that may hold a token. */
function routeOf(c: HonoContext<WebEnv>): string {
  return c.req.matchedRoutes.at(-1)?.path ?? "unknown";
}
