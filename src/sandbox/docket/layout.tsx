import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { ACCOUNT } from "./options.ts";
import type { User } from "./users.ts";

type PageProps = {
  title: string;
  user?: User | undefined;
  narrow?: boolean;
  script?: string;
  children: Child;
};

/** Without it browsers fall back to the layout rules of the nineties. */
const DOCTYPE = raw("<!DOCTYPE html>");

/** Docket's page around its content. */
export function Page({ title, user, narrow = false, script, children }: PageProps) {
  return (
    <>
      {DOCTYPE}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · Docket`}</title>
          <link rel="stylesheet" href="/static/docket.css" />
          {script === undefined ? null : <script src={script} defer />}
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to main content
          </a>
          <header class="bar">
            <a class="brand" href="/">
              Docket
            </a>
            <span class="firm">{ACCOUNT.name}</span>
            {user === undefined ? null : <SignedIn user={user} />}
          </header>
          <main id="main" class={narrow ? "narrow" : "wide"}>
            {children}
          </main>
        </body>
      </html>
    </>
  );
}

function SignedIn({ user }: { user: User }) {
  return (
    <form class="account" method="post" action="/sign-out">
      <span>{user.name}</span>
      <button type="submit" class="quiet">
        Sign out
      </button>
    </form>
  );
}

/** A page inside the panel's frame: no bar, no navigation. */
export function FramePage({ title, script, children }: { title: string; script?: string; children: Child }) {
  return (
    <>
      {DOCTYPE}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{title}</title>
          <link rel="stylesheet" href="/static/docket.css" />
          {script === undefined ? null : <script src={script} defer />}
        </head>
        <body class="frame">
          <main>{children}</main>
        </body>
      </html>
    </>
  );
}

const ROLE_WORDS = { staff: "Staff", bookkeeper: "Bookkeeper", admin: "Administrator" } as const;

/** Docket's sign-in, which stands in for a real one: a button per user, posted as `user_id`. */
export function ChooseUser({ action, users }: { action: string; users: User[] }) {
  return (
    <>
      <h1>Sign in to Docket</h1>
      <p>Docket is a sandbox, so it asks for no password: choose who you are.</p>
      <form method="post" action={action} class="people">
        {users.map((user) => (
          <button type="submit" name="user_id" value={user.id} class="person">
            <strong>{user.name}</strong>
            <span>{`${ROLE_WORDS[user.role]}, ${user.email}`}</span>
          </button>
        ))}
      </form>
    </>
  );
}
