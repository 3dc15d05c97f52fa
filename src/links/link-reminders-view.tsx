import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import type { LinkRow } from "./queries.ts";
import { isClosed } from "./state.ts";

/** When the next reminder of a link goes out, and the way to all of its dates. */
export function RemindersFact({ link, timeZone }: { link: LinkRow; timeZone: string }): JSX.Element {
  return (
    <>
      {nextWords(link, timeZone)}
      <br />
      <a href={`/sent/${link.id}/reminders`}>
        {isClosed(link.state) ? "What was sent" : "Dates, switch, remind now"}
      </a>
    </>
  );
}

function nextWords(link: LinkRow, timeZone: string): string {
  if (isClosed(link.state)) return "Stopped";
  if (link.reminder_plan_version === null) return "None";
  if (!link.reminders_on) return "Switched off";
  if (link.next_reminder_at !== null) return `Next ${formatInstant(link.next_reminder_at, timeZone)}`;
  // Just made or changed: the timetable has not been round yet.
  return link.reminder_check_at?.getTime() === 0 ? "Dates within a minute" : "None at the moment";
}
