import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { type Swap, swapAttributes } from "./swap.ts";

/**
 * A form that changes something. The browser's own checks are off: the server says what is wrong, in full sentences.
 * `fields` are hidden values, such as the key that makes a second submit harmless.
 */
export function PostForm(props: {
  action: string;
  children: Child;
  fields?: Readonly<Record<string, string>> | undefined;
  id?: string | undefined;
  class?: string | undefined;
  /** Names the form for screen readers by the heading with this id. */
  labelledBy?: string | undefined;
  /** For the second column, `split` on the form itself and the like. */
  companion?: "wide" | "narrow" | "lead" | undefined;
  gap?: "s" | "l" | "xl" | undefined;
  swap?: Swap | undefined;
  /** Asks before a page is left on which something was typed into the form; its own buttons save. */
  guarded?: boolean | undefined;
}): JSX.Element {
  return (
    <form
      method="post"
      action={props.action}
      id={props.id}
      class={props.class}
      data-companion={props.companion}
      data-gap={props.gap}
      data-guarded={props.guarded ? "" : undefined}
      aria-labelledby={props.labelledBy}
      novalidate
      {...(props.swap ? swapAttributes(props.swap, "post", props.action) : {})}
    >
      {Object.entries(props.fields ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {props.children}
    </form>
  );
}

/**
 * A question before a dangerous action, opened by a button with `opens`. The first focus is the safe choice and Escape
 * means keep. `children` belong to the form that `action` receives.
 */
export function Dialog(props: {
  id: string;
  title: string;
  action: string;
  fields?: Readonly<Record<string, string>> | undefined;
  children?: Child;
  keep: string;
  confirm: string;
}): JSX.Element {
  return (
    <dialog class="dialog" id={props.id} aria-labelledby={`${props.id}-title`}>
      <PostForm action={props.action} fields={props.fields}>
        <div class="panel-body stack">
          <h2 id={`${props.id}-title`}>{props.title}</h2>
          {props.children}
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" data-closes="" autofocus>
            {props.keep}
          </button>
          <button type="submit" class="button" data-kind="danger">
            {props.confirm}
          </button>
        </div>
      </PostForm>
    </dialog>
  );
}
