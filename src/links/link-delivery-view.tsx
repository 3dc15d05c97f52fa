import type { JSX } from "hono/jsx/jsx-runtime";
import { EMAIL_STATES, toTag } from "./link-tables.tsx";
import type { EmailFacts } from "./page-queries.ts";
import type { LinkRow } from "./queries.ts";

/** How far the latest request or reminder to one of a link's addresses came; undefined when none was queued yet. */
export type AddressState = { address: string; email: Pick<EmailFacts, "state" | "reason"> | undefined };

/** The states of a link's present addresses. `emails` newest first. */
export function addressStates(link: LinkRow, emails: readonly EmailFacts[]): AddressState[] {
  return link.payer_emails.map((address) => ({
    address,
    email: emails.find(
      (email) => email.to_address === address && (email.kind === "request" || email.kind === "reminder"),
    ),
  }));
}

/** Each address with how far its email came and why no further. */
export function AddressStates({ reached }: { reached: readonly AddressState[] }): JSX.Element | null {
  const known = reached.filter(({ email }) => email !== undefined);
  if (known.length === 0) return null;
  return (
    <dl class="kv">
      {known.map(({ address, email }) => (
        <div>
          <dt>{address}</dt>
          <dd>
            {email ? toTag(EMAIL_STATES[email.state]) : null}
            {email?.reason ? (
              <>
                <br />
                <small class="soft">{email.reason}</small>
              </>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
