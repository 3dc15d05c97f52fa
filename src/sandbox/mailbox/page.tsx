import type { Child } from "hono/jsx";
import type { Message } from "./message.ts";
import type { RecipientState } from "./messages.ts";

/** Where the pages' style sheet is served. */
export const STYLE_SHEET = "/outbox.css";

const STATE_WORDS: Record<RecipientState, string> = {
  queued: "On its way",
  delivered: "Delivered",
  bounced: "Bounced",
  soft_bounced: "Bounced for now",
  complained: "Marked as spam",
  suppressed: "Not sent: inactive",
};

/** The frame of every page; `title` is what the tab says. */
export function Page({ title, children }: { title: string; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · Mail sandbox`}</title>
        <link rel="stylesheet" href={STYLE_SHEET} />
      </head>
      <body>
        <header>Mail sandbox. Nothing here leaves this computer.</header>
        <main>{children}</main>
      </body>
    </html>
  );
}

/** What became of a recipient's copy, in words. */
export function State({ state }: { state: RecipientState }) {
  return (
    <span class="state" data-state={state}>
      {STATE_WORDS[state]}
    </span>
  );
}

/** A time to the second, in UTC, since the sandbox knows no reader's zone. */
export function Time({ at }: { at: Date }) {
  return <time datetime={at.toISOString()}>{`${at.toISOString().slice(0, 19).replace("T", " ")} UTC`}</time>;
}

/** The page for an address at which nothing is. */
export function NotFoundPage() {
  return (
    <Page title="Not found">
      <h1>Not found</h1>
      <p>
        There is no such message. <a href="/outbox">Back to the outbox</a>
      </p>
    </Page>
  );
}

/** The subject, or words where it is empty. */
export function subjectOf(message: Message): string {
  return message.subject === "" ? "(no subject)" : message.subject;
}
