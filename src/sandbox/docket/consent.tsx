import { ACCOUNT } from "./options.ts";
import type { User } from "./users.ts";

const SCOPE_WORDS: Record<string, string> = {
  openid: "Know that it is you who signs in",
  email: "See your e-mail address",
  profile: "See your name",
  offline_access: "Keep this access while you are away, until someone at the firm ends it",
  "matters.read": "Read clients, matters, payers, statements and trust balances",
  "payments.write": "Record payments, trust deposits and their reversals",
  "webhooks.manage": "Be told when a client, a matter or a statement changes",
};

type ConsentProps = {
  app: string;
  /** The interaction's address; the forms post below it. */
  action: string;
  user: User;
  scopes: string[];
  /** The user may not allow what is asked for. */
  needsAdmin: boolean;
};

/** What an app asks for, in plain words, with Allow and Deny; a refusal for those who may not allow it. */
export function Consent({ app, action, user, scopes, needsAdmin }: ConsentProps) {
  return (
    <>
      <h1>{`${app} asks for access`}</h1>
      <p>{`To ${ACCOUNT.name}, as ${user.name}. It would be able to:`}</p>
      <ul>
        {scopes.map((scope) => (
          <li>{SCOPE_WORDS[scope] ?? scope}</li>
        ))}
      </ul>
      {needsAdmin ? (
        <p class="notice" role="alert">
          {`Only an administrator of ${ACCOUNT.name} may allow this. Ask one, or continue as one.`}
        </p>
      ) : null}
      <form method="post" action={`${action}/consent`} class="choices">
        {needsAdmin ? null : (
          <button type="submit" name="decision" value="allow" class="main">
            Allow
          </button>
        )}
        <button type="submit" name="decision" value="deny">
          {needsAdmin ? `Back to ${app}` : "Deny"}
        </button>
      </form>
      <form method="post" action={`${action}/switch`}>
        <button type="submit" class="quiet">
          Use another account
        </button>
      </form>
    </>
  );
}
