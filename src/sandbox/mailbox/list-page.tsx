import type { StoredMessage } from "./messages.ts";
import { Page, State, subjectOf, Time } from "./page.tsx";

type ListProps = { messages: StoredMessage[]; search: string; next: number | undefined };

/** Everything that was sent, newest first; `next` is the sequence to page on from. */
export function MessageList({ messages, search, next }: ListProps) {
  const more = new URLSearchParams({ ...(search === "" ? {} : { search }), before: String(next) });
  return (
    <Page title="Outbox">
      <h1>Outbox</h1>
      <search>
        <form method="get" action="/outbox" class="search">
          <label for="search">Recipient's address</label>
          <input id="search" name="search" type="search" value={search} autocomplete="off" />
          <button type="submit">Search</button>
        </form>
      </search>
      {messages.length === 0 && (
        <p>{search === "" ? "Nothing was sent yet." : `Nothing was sent to “${search}”.`}</p>
      )}
      <ol class="messages">
        {messages.map(({ id, submittedAt, message, recipients }) => (
          <li>
            <a href={`/outbox/${id}`}>{subjectOf(message)}</a>
            <p>
              To {recipients.map(({ address }) => address).join(", ")} · <Time at={submittedAt} />
            </p>
            <p class="states">
              {[...new Set(recipients.map(({ state }) => state))].map((state) => (
                <State state={state} />
              ))}
            </p>
          </li>
        ))}
      </ol>
      {next !== undefined && (
        <p>
          <a href={`/outbox?${more}`}>Older messages</a>
        </p>
      )}
    </Page>
  );
}
