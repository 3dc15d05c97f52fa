import type { PaymentMethodType } from "../resources.ts";
import { TEST_BANK_ACCOUNTS, TEST_ROUTING_NUMBER } from "./banks.ts";
import { TEST_CARDS } from "./cards.ts";
import type { FieldErrors, Typed } from "./entry.ts";

type FieldProps = {
  name: string;
  label: string;
  typed: Typed;
  errors: FieldErrors;
  type?: "text" | "email";
  autocomplete: string;
  numeric?: boolean;
  readonly?: boolean;
};

function Field(props: FieldProps) {
  const error = props.errors[props.name];
  return (
    <div>
      <label for={props.name}>{props.label}</label>
      <input
        id={props.name}
        name={props.name}
        type={props.type ?? "text"}
        value={props.typed[props.name] ?? ""}
        autocomplete={props.autocomplete}
        inputmode={props.numeric === true ? "numeric" : undefined}
        readonly={props.readonly === true}
        required
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={error === undefined ? undefined : `${props.name}-error`}
      />
      {error !== undefined && (
        <p class="error" id={`${props.name}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

type Inner = { typed: Typed; errors: FieldErrors };

function CardFields({ typed, errors }: Inner) {
  const rest = { typed, errors };
  return (
    <>
      <Field name="number" label="Card number" autocomplete="cc-number" numeric {...rest} />
      <div class="pair">
        <Field name="expiry" label="Expiry (MM / YY)" autocomplete="cc-exp" {...rest} />
        <Field name="cvc" label="Security code" autocomplete="cc-csc" numeric {...rest} />
      </div>
      <Field name="name" label="Name on card" autocomplete="cc-name" {...rest} />
    </>
  );
}

function BankFields({ typed, errors }: Inner) {
  const rest = { typed, errors };
  return (
    <>
      <Field name="name" label="Name on the account" autocomplete="name" {...rest} />
      <Field name="routing_number" label="Routing number" autocomplete="off" numeric {...rest} />
      <Field name="account_number" label="Account number" autocomplete="off" numeric {...rest} />
      <Choice
        name="account_type"
        label="Kind of account"
        options={{ checking: "Checking", savings: "Savings" }}
        {...rest}
      />
      <Choice
        name="holder_type"
        label="Account holder"
        options={{ individual: "A person", company: "A company" }}
        {...rest}
      />
      <p>By continuing you authorise the merchant to debit this account for the amount shown.</p>
    </>
  );
}

function Choice(props: { name: string; label: string; options: Record<string, string>; typed: Typed }) {
  const chosen = props.typed[props.name] ?? Object.keys(props.options)[0];
  return (
    <fieldset>
      <legend>{props.label}</legend>
      {Object.entries(props.options).map(([value, label]) => (
        <label class="choice">
          <input type="radio" name={props.name} value={value} checked={chosen === value} /> {label}
        </label>
      ))}
    </fieldset>
  );
}

/** The payment form for one method, with what was typed and what is wrong with it. */
export function PaymentForm(props: {
  action: string;
  method: PaymentMethodType;
  typed: Typed;
  errors: FieldErrors;
  emailIsFixed: boolean;
  button: string;
}) {
  const { typed, errors } = props;
  const Fields = props.method === "card" ? CardFields : BankFields;
  return (
    <form method="post" action={props.action} novalidate>
      <input type="hidden" name="method" value={props.method} />
      <Field
        name="email"
        label="E-mail"
        type="email"
        autocomplete="email"
        readonly={props.emailIsFixed}
        typed={typed}
        errors={errors}
      />
      <Fields typed={typed} errors={errors} />
      <button class="whole" type="submit">
        {props.button}
      </button>
    </form>
  );
}

/** The well-known test numbers of a method. */
export function TestNumbers({ method }: { method: PaymentMethodType }) {
  const numbers = method === "card" ? TEST_CARDS : TEST_BANK_ACCOUNTS;
  return (
    <details>
      <summary>Test numbers</summary>
      <p>
        {method === "card"
          ? "Any expiry in the future and any security code."
          : `Routing number ${TEST_ROUTING_NUMBER}.`}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {numbers.map(({ number, says }) => (
            <tr>
              <td class="number">{method === "card" ? grouped(number) : number}</td>
              <td>{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** A card number in groups of four, as it stands on the card. */
function grouped(number: string): string {
  return number.replace(/(\d{4})(?=\d)/g, "$1 ");
}
