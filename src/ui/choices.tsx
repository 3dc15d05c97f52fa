import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Explanation, type FieldProps, wire } from "./fields.tsx";
import { Icon, type IconName } from "./icons.tsx";

type ChoiceProps = {
  value: string;
  title: Child;
  hint?: Child | undefined;
  /** What stands at the end of the card: an amount, an account badge. */
  aside?: Child | undefined;
  icon?: IconName | undefined;
  /** Shows the field that follows the choices while this one is taken. */
  reveals?: boolean | undefined;
};

/**
 * One of a few, as cards. The first card carries the id that an error links to. `children` is the field that belongs to
 * the choice with `reveals`; a browser that cannot follow the choice just shows it.
 */
export function Choices(
  props: FieldProps & {
    choices: readonly ChoiceProps[];
    value?: string | undefined;
    columns?: 2 | undefined;
    children?: Child;
  },
): JSX.Element {
  const wiring = wire(props);
  return (
    <fieldset class="field" data-invalid={props.error ? "" : undefined} aria-describedby={wiring.describedBy}>
      <legend class={props.hideLabel ? "visually-hidden" : undefined}>
        {props.label}
        {props.optional ? <span class="optional"> (optional)</span> : null}
      </legend>
      <Explanation id={wiring.id} hint={props.hint} error={props.error} errorWord={props.errorWord} />
      <div class="choices" data-columns={props.columns}>
        {props.choices.map((choice, index) => (
          <Choice
            {...choice}
            type="radio"
            name={props.name}
            id={index === 0 ? wiring.id : `${wiring.id}-${index + 1}`}
            checked={choice.value === props.value}
          />
        ))}
      </div>
      {props.children ? <div class="choice-follow">{props.children}</div> : null}
    </fieldset>
  );
}

/** One radio button or check box as a card. */
function Choice(
  props: ChoiceProps & {
    type: "radio" | "checkbox";
    name: string;
    id?: string | undefined;
    checked?: boolean | undefined;
  },
): JSX.Element {
  return (
    <label class="choice">
      <input
        type={props.type}
        id={props.id}
        name={props.name}
        value={props.value}
        checked={props.checked}
        data-reveals={props.reveals ? "" : undefined}
      />
      <span>
        <strong>{props.title}</strong>
        {props.hint ? <small>{props.hint}</small> : null}
      </span>
      {props.icon ? <Icon name={props.icon} /> : props.aside}
    </label>
  );
}

/** A box to tick, with its words. */
export function Check(props: {
  name: string;
  label: Child;
  hint?: Child | undefined;
  id?: string | undefined;
  value?: string | undefined;
  checked?: boolean | undefined;
}): JSX.Element {
  return (
    <label class="check">
      <input
        type="checkbox"
        id={props.id}
        name={props.name}
        value={props.value ?? "on"}
        checked={props.checked}
      />
      <span>
        {props.label}
        {props.hint ? <small>{props.hint}</small> : null}
      </span>
    </label>
  );
}
