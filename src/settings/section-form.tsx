import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Button } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import type { Member } from "../ui/nav.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import type { Difference } from "../ui/settings-page.tsx";
import type { Typed } from "./section.ts";

/** What every page of settings is drawn of. */
export type SectionProps = {
  member: Member;
  typed: Typed;
  /** The version that the form was made of. */
  seen: string;
  /** "Last changed Oct 2 by Ana Keane". */
  lastChange: string | undefined;
  errors?: FieldErrors | undefined;
  stale?: readonly Difference[] | undefined;
};

/** The form of one page of settings, with its one button. */
export function SectionForm(props: {
  action: string;
  seen: string;
  save: string;
  extra?: Child;
  children: Child;
}): JSX.Element {
  return (
    <PostForm action={props.action} class="stack" fields={{ seen: props.seen }}>
      {props.children}
      <div class="cluster">
        <Button kind="primary">{props.save}</Button>
        {props.extra}
      </div>
    </PostForm>
  );
}
