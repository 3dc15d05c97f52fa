import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Day } from "../base/day.ts";
import { Button } from "../ui/buttons.tsx";
import { TextField } from "../ui/fields.tsx";
import type { FieldErrors } from "../ui/notices.tsx";

/** The line above a list or a report that chooses its account, in `children`, and its first and last day. */
export function PeriodForm(props: {
  action: string;
  labels: { from: string; to: string };
  period: { from?: Day | undefined; to?: Day | undefined };
  /** What was typed where it is no period. */
  typed: { from: string; to: string } | undefined;
  errors: FieldErrors | undefined;
  children?: Child;
}): JSX.Element {
  const days = (["from", "to"] as const).map((name) => (
    <TextField
      name={name}
      type="date"
      label={props.labels[name]}
      value={props.typed?.[name] ?? props.period[name]}
      error={props.errors?.[name]}
    />
  ));
  return (
    <form action={props.action} class="toolbar">
      {props.children}
      {days}
      <Button>Show</Button>
    </form>
  );
}
