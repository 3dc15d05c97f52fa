import type { JSX } from "hono/jsx/jsx-runtime";
import { Check } from "../ui/choices.tsx";
import type { Form } from "../web/form.ts";
import type { ReminderStep } from "./compose-reminder-queries.ts";

const NAME = "reminders";
/** Says that the box was on the page: a box that is not ticked sends nothing. */
const SHOWN = "remindersShown";

/** The box with which a sender keeps the firm's reminders from one request. Nothing where the firm sends none. */
export function RemindersCheck(props: { steps: readonly ReminderStep[]; isOn: boolean }): JSX.Element | null {
  if (props.steps.length === 0) return null;
  return (
    <>
      <input type="hidden" name={SHOWN} value="yes" />
      <Check
        name={NAME}
        id={NAME}
        label="Send Smart Reminders"
        hint={`${planWords(props.steps)}, until it is paid. The link’s page shows the exact dates.`}
        checked={props.isOn}
      />
    </>
  );
}

/** Whether reminders are wanted: they are, unless somebody took the tick away. */
export function readReminders(form: Form): boolean {
  return form.has(NAME) || !form.has(SHOWN);
}

/** The answer as hidden fields, for a page without the box. */
export function reminderFields(isOn: boolean): Record<string, string> {
  return isOn ? {} : { [SHOWN]: "yes" };
}

/** `3 days before, on the due date, 7 days after`. */
export function planWords(steps: readonly ReminderStep[]): string {
  const words = steps.map(({ side, days }) =>
    side === "on" ? "on the due date" : `${days} ${days === 1 ? "day" : "days"} ${side}`,
  );
  const text = words.join(", ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
