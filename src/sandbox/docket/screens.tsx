import { readFileSync } from "node:fs";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { signedInUser, signIn, signOut } from "./browser-session.ts";
import type { Docket } from "./docket.ts";
import { makeTicket } from "./launch.ts";
import { ChooseUser, FramePage, Page } from "./layout.tsx";
import { MatterList, MatterPage } from "./matter-views.tsx";
import { findMatterScreen, searchMatters } from "./matters.ts";
import { findUser, listUsers, type User } from "./users.ts";

const MAX_PAGE = 100_000;
const STATIC_FILES = { "docket.css": "text/css", "launch.js": "text/javascript" };

/** Docket's own screens: sign-in, matters, a matter with the panel. */
export function screenRoutes(docket: Docket): Hono {
  const { store } = docket;
  const routes = new Hono();
  addStaticFiles(routes);
  routes.get("/", (context) => {
    if (signedInUser(store, context) !== undefined) return context.redirect("/matters", 303);
    return context.html(
      <Page title="Sign in" narrow>
        <ChooseUser action="/sign-in" users={listUsers(store)} />
      </Page>,
    );
  });
  routes.post("/sign-in", async (context) => {
    const form = await context.req.parseBody();
    const user = findUser(store, String(form.user_id ?? ""));
    if (user === undefined) return context.text("There is no such user.", 400);
    signIn(store, context, user.id);
    return context.redirect("/matters", 303);
  });
  routes.post("/sign-out", (context) => {
    signOut(store, context);
    return context.redirect("/", 303);
  });
  routes.get("/matters", (context) => {
    const user = signedInUser(store, context);
    return user === undefined ? context.redirect("/", 303) : showMatters(docket, context, user);
  });
  routes.get("/matters/:id", (context) => {
    const user = signedInUser(store, context);
    return user === undefined ? context.redirect("/", 303) : showMatter(docket, context, user);
  });
  routes.get("/panel", (context) =>
    context.html(
      <FramePage title="Send for Payment">
        <p>Press “Send for Payment” to open it here, on this matter.</p>
      </FramePage>,
    ),
  );
  routes.post("/matters/:id/launch", (context) => launchPanel(docket, context));
  return routes;
}

function addStaticFiles(routes: Hono): void {
  for (const [name, type] of Object.entries(STATIC_FILES)) {
    const content = readFileSync(new URL(`./static/${name}`, import.meta.url), "utf8");
    routes.get(`/static/${name}`, (context) =>
      context.body(content, 200, { "Content-Type": `${type}; charset=utf-8` }),
    );
  }
}

function showMatters(docket: Docket, context: Context, user: User) {
  const words = context.req.query("q")?.trim() ?? "";
  const asked = Number.parseInt(context.req.query("page") ?? "1", 10);
  const page = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), MAX_PAGE) : 1;
  const { lines, more } = searchMatters(docket.store, words, page);
  return context.html(
    <Page title="Matters" user={user}>
      <MatterList lines={lines} words={words} page={page} more={more} />
    </Page>,
  );
}

function showMatter(docket: Docket, context: Context, user: User) {
  const screen = findMatterScreen(docket.store, context.req.param("id") ?? "");
  if (screen === undefined) return context.notFound();
  return context.html(
    <Page title={screen.matter.number} user={user}>
      <MatterPage {...screen} />
    </Page>,
  );
}

/** Answers inside the frame with a form that carries a fresh ticket to the app; a script sends it on at once. */
function launchPanel(docket: Docket, context: Context) {
  const user = signedInUser(docket.store, context);
  const { launchUrl, name } = docket.options.client;
  const screen = findMatterScreen(docket.store, context.req.param("id") ?? "");
  if (user === undefined || screen === undefined || launchUrl === undefined) {
    const reason =
      user === undefined
        ? "You are signed out of Docket. Sign in again, then open the panel."
        : screen === undefined
          ? "This matter is no longer there."
          : "No app is installed for this panel: its registration has no launch address.";
    return context.html(
      <FramePage title={name}>
        <p>{reason}</p>
      </FramePage>,
    );
  }
  return context.html(
    <FramePage title={name} script="/static/launch.js">
      <form method="post" action={launchUrl}>
        <input type="hidden" name="ticket" value={makeTicket(docket, user, screen.matter.id)} />
        <p>{`Opening ${name} for matter ${screen.matter.number}.`}</p>
        <button type="submit" class="main">
          Continue
        </button>
      </form>
    </FramePage>,
  );
}

/** What Docket's pages may load, frame and post to: itself and the one registered app. */
export function pageSecurity(docket: Docket): MiddlewareHandler {
  const { redirectUris, launchUrl } = docket.options.client;
  const appOrigins = new Set(
    [...redirectUris, ...(launchUrl === undefined ? [] : [launchUrl])].map(originOf),
  );
  const frames = launchUrl === undefined ? "'self'" : `'self' ${originOf(launchUrl)}`;
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    // A consent form ends in a redirect to the app, which this has to allow too.
    `form-action 'self' ${[...appOrigins].join(" ")}`,
    `frame-src ${frames}`,
    "frame-ancestors 'self'",
    "base-uri 'none'",
  ].join("; ");
  return async (context, next) => {
    await next();
    context.header("Content-Security-Policy", policy);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "same-origin");
    context.header("Cache-Control", "no-store");
  };
}

function originOf(url: string): string {
  return new URL(url).origin;
}
