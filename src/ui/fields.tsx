import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon } from "./icons.tsx";
import { MoneyInput } from "./money.tsx";

/** What every kind of field shares. `id` is the name unless told: it must be unique on the page, and errors link to it. */
export type FieldProps = {
  name: string;
  label: Child;
  id?: string | undefined;
  hint?: Child | undefined;
  /** The sentence of a failed check; the same words stand in the error summary. */
  error?: string | undefined;
  /** "Error" in the page's language, read before the sentence. */
  errorWord?: string | undefined;
  optional?: boolean | undefined;
  /** Keeps the label for screen readers only, where the place says what the field is. */
  hideLabel?: boolean | undefined;
};

/** Label, hint and error around one control. The control takes its wiring from `wire(props)`. */
export function Field(props: FieldProps & { children: Child }): JSX.Element {
  const { id } = wire(props);
  return (
    <div class="field" data-invalid={props.error ? "" : undefined}>
      <label for={id} class={props.hideLabel ? "visually-hidden" : undefined}>
        {props.label}
        {props.optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <Explanation id={id} hint={props.hint} error={props.error} errorWord={props.errorWord} />
      {props.children}
    </div>
  );
}

/** The attributes that tie a control to its label, hint and error. */
export function wire(props: Pick<FieldProps, "name" | "id" | "hint" | "error">): {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
} {
  const id = props.id ?? props.name;
  const parts = [props.hint ? `${id}-hint` : undefined, props.error ? `${id}-error` : undefined];
  const describedBy = parts.filter((part) => part !== undefined).join(" ");
  return { id, describedBy: describedBy === "" ? undefined : describedBy, invalid: Boolean(props.error) };
}

type TextFieldProps = FieldProps & {
  value?: string | undefined;
  type?: "text" | "email" | "date" | "tel" | "url" | "search" | "password" | undefined;
  autocomplete?: string | undefined;
  inputmode?: "numeric" | "decimal" | "email" | "tel" | undefined;
  placeholder?: string | undefined;
  width?: "date" | "short" | undefined;
  autofocus?: boolean | undefined;
};

/** A line of text, an address, a date. */
export function TextField(props: TextFieldProps): JSX.Element {
  const wiring = wire(props);
  const plain = props.type === "email" || props.type === "url" || props.type === "password";
  return (
    <Field {...props}>
      <input
        class="input"
        type={props.type ?? "text"}
        id={wiring.id}
        name={props.name}
        value={props.value ?? ""}
        data-width={props.width ?? (props.type === "date" ? "date" : undefined)}
        autocomplete={props.autocomplete ?? "off"}
        inputmode={props.inputmode}
        placeholder={props.placeholder}
        spellcheck={plain ? false : undefined}
        autofocus={props.autofocus}
        aria-invalid={wiring.invalid ? "true" : undefined}
        aria-describedby={wiring.describedBy}
      />
    </Field>
  );
}

/** Several lines of text. */
export function TextAreaField(
  props: FieldProps & {
    value?: string | undefined;
    rows?: number | undefined;
    placeholder?: string | undefined;
  },
): JSX.Element {
  const wiring = wire(props);
  return (
    <Field {...props}>
      <textarea
        class="input"
        id={wiring.id}
        name={props.name}
        rows={props.rows ?? 4}
        placeholder={props.placeholder}
        aria-invalid={wiring.invalid ? "true" : undefined}
        aria-describedby={wiring.describedBy}
      >
        {/* A browser drops the first line break after the tag, so one is given away for what was typed. */}
        {`\n${props.value ?? ""}`}
      </textarea>
    </Field>
  );
}

/** A file to be sent. `accept` names the endings and kinds that the browser offers first. */
export function FileField(props: FieldProps & { accept: string }): JSX.Element {
  const wiring = wire(props);
  return (
    <Field {...props}>
      <input
        class="input"
        type="file"
        id={wiring.id}
        name={props.name}
        accept={props.accept}
        aria-invalid={wiring.invalid ? "true" : undefined}
        aria-describedby={wiring.describedBy}
      />
    </Field>
  );
}

export type Option = { value: string; label: string };

/** One of a list. */
export function SelectField(
  props: FieldProps & { options: readonly Option[]; value?: string | undefined; size?: "s" | undefined },
): JSX.Element {
  const wiring = wire(props);
  return (
    <Field {...props}>
      <select
        class="input"
        id={wiring.id}
        name={props.name}
        data-size={props.size}
        aria-invalid={wiring.invalid ? "true" : undefined}
        aria-describedby={wiring.describedBy}
      >
        {props.options.map((option) => (
          <option value={option.value} selected={option.value === props.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** An amount with its label; the label should name the unit where it is not plain. */
export function MoneyField(
  props: FieldProps & {
    currency: string;
    value?: string | undefined;
    size?: "s" | "l" | undefined;
    showCurrency?: boolean | undefined;
  },
): JSX.Element {
  const wiring = wire(props);
  return (
    <Field {...props}>
      <MoneyInput
        id={wiring.id}
        name={props.name}
        currency={props.currency}
        value={props.value}
        size={props.size}
        showCurrency={props.showCurrency}
        describedBy={wiring.describedBy}
        invalid={wiring.invalid}
      />
    </Field>
  );
}

/** Fields side by side where there is room; `pair` keeps two beside each other on a phone as well. */
export function FieldRow(props: { pair?: boolean | undefined; children: Child }): JSX.Element {
  return (
    <div class="field-row" data-pair={props.pair ? "" : undefined}>
      {props.children}
    </div>
  );
}

/** The hint and the error of a field or a group of choices, with the ids that `wire` names. */
export function Explanation(props: {
  id: string;
  hint?: Child;
  error?: string | undefined;
  errorWord?: string | undefined;
}): JSX.Element {
  return (
    <>
      {props.hint ? (
        <p class="hint" id={`${props.id}-hint`}>
          {props.hint}
        </p>
      ) : null}
      {props.error ? (
        <p class="error" id={`${props.id}-error`}>
          <Icon name="s-alert" />
          <span>
            <span class="visually-hidden">{props.errorWord ?? "Error"}: </span>
            {props.error}
          </span>
        </p>
      ) : null}
    </>
  );
}
