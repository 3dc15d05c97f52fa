import { formatAddress } from "./addresses.ts";
import type { MailEvent } from "./event-queue.ts";
import { FRAME_SANDBOX } from "./html-part.ts";
import type { Message } from "./message.ts";
import type { Recipient, StoredMessage } from "./messages.ts";
import { Page, State, subjectOf, Time } from "./page.tsx";

const EVENT_WORDS: Record<MailEvent["kind"], string> = {
  delivery: "Delivery",
  hard_bounce: "Hard bounce",
  soft_bounce: "Soft bounce",
  complaint: "Spam complaint",
  open: "Opened",
  click: "Link followed",
};
const WEBHOOK_WORDS: Record<MailEvent["state"], string> = {
  pending: "webhook waiting",
  confirmed: "webhook confirmed",
  stopped: "webhook given up",
  unposted: "no webhook set",
};

type MessageProps = { stored: StoredMessage; events: MailEvent[]; links: string[] };

/** One message: what it says, whom it reached, and the buttons that let something happen to it. */
export function MessagePage({ stored, events, links }: MessageProps) {
  const { id, message, recipients } = stored;
  return (
    <Page title={subjectOf(message)}>
      <nav aria-label="Breadcrumb">
        <a href="/outbox">Outbox</a>
      </nav>
      <h1>{subjectOf(message)}</h1>
      <Headers stored={stored} />
      <section aria-labelledby="recipients">
        <h2 id="recipients">Recipients</h2>
        <ul class="recipients">
          {recipients.map((recipient) => (
            <RecipientRow id={id} recipient={recipient} trackOpens={message.trackOpens} />
          ))}
        </ul>
      </section>
      <Parts id={id} message={message} links={links} />
      <section aria-labelledby="events">
        <h2 id="events">What happened</h2>
        {events.length === 0 && <p>Nothing yet.</p>}
        <ol class="events">
          {events.map((event) => (
            <li>
              <strong>{EVENT_WORDS[event.kind]}</strong> {event.recipient}{" "}
              <Time at={event.happenedAt ?? event.dueAt} />
              {`, ${WEBHOOK_WORDS[event.state]}`}
              {event.answer !== "" && ` (${event.answer})`}
            </li>
          ))}
        </ol>
      </section>
    </Page>
  );
}

function Headers({ stored: { id, submittedAt, message } }: { stored: StoredMessage }) {
  const rows: [string, string][] = [
    ["From", formatAddress(message.from)],
    ["To", message.to.map(formatAddress).join(", ")],
    ["Cc", message.cc.map(formatAddress).join(", ")],
    ["Bcc", message.bcc.map(formatAddress).join(", ")],
    ["Reply-To", message.replyTo],
    ["Date", submittedAt.toUTCString()],
    ["Message ID", id],
    ["Stream", message.stream],
    ["Tag", message.tag ?? ""],
    ...message.headers.map(({ Name, Value }): [string, string] => [Name, Value]),
    ...Object.entries(message.metadata).map(([key, value]): [string, string] => [`Metadata ${key}`, value]),
    ["Attachments", message.attachments.map(({ Name }) => Name).join(", ")],
  ];
  return (
    <dl class="headers">
      {rows
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

type RecipientRowProps = { id: string; recipient: Recipient; trackOpens: boolean };

function RecipientRow({ id, recipient: { address, state, detail }, trackOpens }: RecipientRowProps) {
  const inactive = state === "bounced" || state === "complained" || state === "suppressed";
  const button = (action: string, words: string) => (
    <form method="post" action={`/outbox/${id}/${action}?${new URLSearchParams({ recipient: address })}`}>
      <button type="submit">
        {words} <span class="unseen">for {address}</span>
      </button>
    </form>
  );
  return (
    <li>
      <p>
        {address} <State state={state} /> {detail}
      </p>
      <div class="buttons">
        {state !== "suppressed" && trackOpens && button("open", "Mark as opened")}
        {!inactive && button("bounce", "Bounce")}
        {!inactive && button("complain", "Mark as spam")}
        {inactive && button("reactivate", "Reactivate address")}
      </div>
      {!trackOpens && (
        <p class="hint">Sent without open tracking, so the service cannot tell when it is opened.</p>
      )}
    </li>
  );
}

function Parts({ id, message, links }: { id: string; message: Message; links: string[] }) {
  return (
    <>
      {message.html !== undefined && (
        <section aria-labelledby="html">
          <h2 id="html">HTML</h2>
          <iframe src={`/outbox/${id}/html`} title="The message as HTML" sandbox={FRAME_SANDBOX} />
        </section>
      )}
      {message.text !== undefined && (
        <section aria-labelledby="text">
          <h2 id="text">Text</h2>
          <pre>{message.text}</pre>
        </section>
      )}
      <section aria-labelledby="links">
        <h2 id="links">Links</h2>
        {links.length === 0 && <p>The message has no links.</p>}
        <ul class="links">
          {links.map((link) => (
            <li>
              <a href={link} rel="noreferrer">
                {link}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
