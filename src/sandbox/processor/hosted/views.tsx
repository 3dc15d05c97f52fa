import type { LineItem, PaymentMethodType, Session } from "../resources.ts";
import type { FieldErrors, Typed } from "./entry.ts";
import { PaymentForm, TestNumbers } from "./form.tsx";
import { Layout, money } from "./layout.tsx";

const METHOD_NAMES: Record<PaymentMethodType, string> = { card: "Card", us_bank_account: "US bank account" };

type CheckoutProps = {
  merchant: string;
  session: Session;
  items: LineItem[];
  method: PaymentMethodType;
  typed: Typed;
  errors: FieldErrors;
  /** Why the last attempt did not go through, or null. */
  problem: string | null;
};

/** The page on which an open session is paid. */
export function CheckoutPage(props: CheckoutProps) {
  const { session, method } = props;
  const total = money(session.amount_total, session.currency);
  const typed = { ...props.typed, email: session.customer_email ?? props.typed.email ?? "" };
  return (
    <Layout title={`Pay ${props.merchant}`}>
      <h1>Pay {props.merchant}</h1>
      <p class="total">{total}</p>
      <LineItems items={props.items} currency={session.currency} />
      {props.problem !== null && (
        <p class="alert error" role="alert">
          {props.problem}
        </p>
      )}
      <h2>{session.payment_method_types.length > 1 ? "How would you like to pay?" : METHOD_NAMES[method]}</h2>
      {session.payment_method_types.length > 1 && <Methods session={session} chosen={method} />}
      <PaymentForm
        action={`/c/pay/${session.id}?method=${method}`}
        method={method}
        typed={typed}
        errors={props.errors}
        emailIsFixed={session.customer_email !== null}
        button={`Pay ${total}`}
      />
      {session.cancel_url !== null && (
        <p>
          <a href={session.cancel_url}>Cancel and go back to {props.merchant}</a>
        </p>
      )}
      <TestNumbers method={method} />
    </Layout>
  );
}

function LineItems({ items, currency }: { items: LineItem[]; currency: string }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col" class="amount">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr>
            <td>{item.quantity === 1 ? item.description : `${item.description} × ${item.quantity}`}</td>
            <td class="amount">{money(item.amount_total, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Methods({ session, chosen }: { session: Session; chosen: PaymentMethodType }) {
  return (
    <nav aria-label="Payment method">
      <ul>
        {session.payment_method_types.map((method) => (
          <li>
            <a
              href={`/c/pay/${session.id}?method=${method}`}
              aria-current={method === chosen ? "true" : undefined}
            >
              {METHOD_NAMES[method]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Stands for the page of the payer's bank that asks for 3-D Secure. */
export function AuthenticationPage(props: { merchant: string; session: Session }) {
  return (
    <Layout title="3-D Secure">
      <h1>3-D Secure check</h1>
      <p>
        Your bank asks you to confirm a payment of{" "}
        <strong>{money(props.session.amount_total, props.session.currency)}</strong> to {props.merchant}.
      </p>
      <form method="post" action={`/c/pay/${props.session.id}/authenticate`} class="row">
        <button type="submit" name="outcome" value="complete">
          Complete
        </button>
        <button type="submit" name="outcome" value="fail" class="plain">
          Fail
        </button>
      </form>
    </Layout>
  );
}

/** Says what a session has come to, when it cannot be paid any more. */
export function ClosedPage(props: { merchant: string; session: Session | null; onwards: string | null }) {
  const { title, words } = closedWords(props.session);
  return (
    <Layout title={title}>
      <h1>{title}</h1>
      <p>{words}</p>
      {props.onwards !== null && (
        <p>
          <a href={props.onwards}>Go back to {props.merchant}</a>
        </p>
      )}
    </Layout>
  );
}

function closedWords(session: Session | null): { title: string; words: string } {
  if (session === null) return { title: "Not found", words: "There is no payment page at this address." };
  if (session.status === "expired") {
    return {
      title: "This payment page has expired",
      words: "It can no longer be paid. Ask the merchant for a new link.",
    };
  }
  if (session.payment_status === "paid") {
    return {
      title: "This has been paid",
      words: "The payment went through. It cannot be paid a second time.",
    };
  }
  return {
    title: "The bank debit is under way",
    words: "The payment was authorised. It cannot be made a second time.",
  };
}
