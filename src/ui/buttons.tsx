import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon, type IconName } from "./icons.tsx";
import { type Swap, swapAttributes } from "./swap.ts";

type Look = {
  kind?: "primary" | "danger" | "quiet" | undefined;
  size?: "s" | undefined;
  /** Takes the whole width on a small screen. */
  wide?: boolean | undefined;
  icon?: IconName | undefined;
  children: Child;
};

/** A button of a form. It says what it does; it stays enabled before submission, so that the server can say what is missing. */
export function Button(
  props: Look & {
    type?: "submit" | "button" | "reset" | undefined;
    id?: string | undefined;
    name?: string | undefined;
    value?: string | undefined;
    /** Sends the form to another address, for several actions on one selection. */
    formAction?: string | undefined;
    /** Shows the answer in a new tab; say so in the button's words. */
    newTab?: boolean | undefined;
    /** Ties the button to a form elsewhere on the page. */
    form?: string | undefined;
    /** The id of the dialog to open. */
    opens?: string | undefined;
    autofocus?: boolean | undefined;
    disabled?: boolean | undefined;
    describedBy?: string | undefined;
  },
): JSX.Element {
  return (
    <button
      type={props.type ?? (props.opens ? "button" : "submit")}
      class="button"
      id={props.id}
      data-kind={props.kind}
      data-size={props.size}
      data-wide={props.wide ? "" : undefined}
      name={props.name}
      value={props.value}
      formaction={props.formAction}
      formtarget={props.newTab ? "_blank" : undefined}
      form={props.form}
      data-opens={props.opens}
      autofocus={props.autofocus}
      disabled={props.disabled}
      aria-describedby={props.describedBy}
    >
      {props.icon ? <Icon name={props.icon} /> : null}
      {props.children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink(
  props: Look & {
    href: string;
    /** Opens the dialog with this id instead, where the script runs; without it the link leads to the same question. */
    opens?: string | undefined;
    newTab?: boolean | undefined;
    swap?: Swap | undefined;
  },
): JSX.Element {
  return (
    <a
      class="button"
      href={props.href}
      data-kind={props.kind}
      data-size={props.size}
      data-wide={props.wide ? "" : undefined}
      data-opens={props.opens}
      target={props.newTab ? "_blank" : undefined}
      rel={props.newTab ? "noopener" : undefined}
      {...(props.swap ? swapAttributes(props.swap, "get", props.href) : {})}
    >
      {props.icon ? <Icon name={props.icon} /> : null}
      {props.children}
    </a>
  );
}

/** A button that looks like a link, for small actions in a line of text. */
export function LinkButton(props: {
  children: Child;
  type?: "submit" | "button" | "reset" | undefined;
  name?: string | undefined;
  value?: string | undefined;
  formAction?: string | undefined;
  form?: string | undefined;
}): JSX.Element {
  return (
    <button
      type={props.type ?? "submit"}
      class="link-button"
      name={props.name}
      value={props.value}
      formaction={props.formAction}
      form={props.form}
    >
      {props.children}
    </button>
  );
}

/** A button that is only a picture; `label` is its name and should say on what it acts. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  type?: "submit" | "button" | undefined;
  name?: string | undefined;
  value?: string | undefined;
  formAction?: string | undefined;
  form?: string | undefined;
  disabled?: boolean | undefined;
}): JSX.Element {
  return (
    <button
      type={props.type ?? "submit"}
      class="button"
      data-kind="quiet"
      data-size="icon"
      aria-label={props.label}
      name={props.name}
      value={props.value}
      formaction={props.formAction}
      form={props.form}
      disabled={props.disabled}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** Copies a text where the script runs. The text itself must also stand on the page, to be selected by hand. */
export function CopyButton(props: {
  text: string;
  /** What the status line says afterwards: "Link copied". */
  said: string;
  size?: "s" | undefined;
  children: Child;
}): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      data-size={props.size}
      data-copy={props.text}
      data-copied={props.said}
    >
      <Icon name="copy" />
      {props.children}
    </button>
  );
}
