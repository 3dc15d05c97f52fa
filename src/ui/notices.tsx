import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon, type IconName } from "./icons.tsx";
import type { Tone } from "./tone.ts";

/** The key of an error that belongs to no field: it stands in the summary as words without a link. */
export const WHOLE_FORM = "form";

/** Field to sentence. The key is the id of the control, as in `Problem.fields`. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Whether a form came back with something to correct. */
export function hasErrors(errors: FieldErrors | undefined): errors is FieldErrors {
  return errors !== undefined && Object.keys(errors).length > 0;
}

/**
 * The list of what must be corrected. It takes the focus when the page opens, and each line leads to its control.
 * `title` replaces the English heading. `framed`: browsers refuse to move the focus into another site's frame, and complain.
 */
export function ErrorSummary(props: {
  errors: FieldErrors;
  title?: string | undefined;
  framed?: boolean | undefined;
}): JSX.Element {
  const errors = Object.entries(props.errors);
  const heading =
    errors.length === 1 ? "There is a problem" : `There is a problem with ${errors.length} answers`;
  return (
    <div
      class="error-summary"
      role="alert"
      tabindex={-1}
      autofocus={!props.framed}
      aria-labelledby="error-title"
    >
      <h2 id="error-title">{props.title ?? heading}</h2>
      {/* biome-ignore lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list. */}
      <ul role="list">
        {errors.map(([field, text]) => (
          <li>{field === WHOLE_FORM ? text : <a href={`#${encodeURIComponent(field)}`}>{text}</a>}</li>
        ))}
      </ul>
    </div>
  );
}

const NOTICE_ICONS: Record<Tone, IconName> = {
  info: "info",
  good: "s-done",
  warn: "s-alert",
  bad: "s-alert",
};

/** The outcome of the last action, above the heading of the next page. */
export type PageNotice = { tone: Tone; title?: string | undefined; text?: string | undefined };

/** A message in the place where it matters. `title` says what happened, `children` what it means, `actions` the way on. */
export function Notice(props: {
  tone?: Tone | undefined;
  icon?: IconName | undefined;
  title?: Child | undefined;
  children?: Child;
  actions?: Child | undefined;
  /** `status` is read when convenient, `alert` at once. Leave out for what is on the page from the start. */
  role?: "status" | "alert" | undefined;
  id?: string | undefined;
}): JSX.Element {
  return (
    <div class="notice" data-tone={props.tone} role={props.role} id={props.id}>
      <Icon name={props.icon ?? (props.tone ? NOTICE_ICONS[props.tone] : "info")} />
      <div>
        {props.title ? <strong>{props.title} </strong> : null}
        {props.children}
      </div>
      {props.actions ? <div class="cluster">{props.actions}</div> : null}
    </div>
  );
}

/** Nothing to show: what would be here, and the first or next thing to do. */
export function EmptyState(props: {
  icon: IconName;
  title: Child;
  /** Unique on the page; names the section for screen readers. */
  id?: string | undefined;
  children?: Child;
  actions?: Child | undefined;
}): JSX.Element {
  const id = props.id ?? "empty";
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="empty-state">
        <Icon name={props.icon} />
        <h2 id={id}>{props.title}</h2>
        {props.children ? <p>{props.children}</p> : null}
        {props.actions ? <div class="cluster">{props.actions}</div> : null}
      </div>
    </section>
  );
}

/** What a frame shows when the browser keeps its cookie away: the same place in a new tab. */
export function LaunchCard(props: {
  title: string;
  text: string;
  href: string;
  button: string;
}): JSX.Element {
  return (
    <section class="launch-card">
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      <a class="button" data-kind="primary" href={props.href} target="_blank" rel="noopener">
        <Icon name="external" />
        {props.button}
        <span class="visually-hidden"> (opens in a new tab)</span>
      </a>
    </section>
  );
}
