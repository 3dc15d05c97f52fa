import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, dayOf } from "../base/day.ts";
import { Button } from "../ui/buttons.tsx";
import { FieldRow, TextField } from "../ui/fields.tsx";
import { Timeline, type TimelineEntry } from "../ui/lists.tsx";
import { type Swap, swapAttributes } from "../ui/swap.ts";
import { exampleFacts, isDay, type PlanDraft, readablePlan } from "./draft.ts";
import { type PlannedStep, planDates } from "./plan.ts";
import { dayWords, HINDRANCE_WORDS, stepWords, timeWords } from "./step-words.ts";

/** Draws the form's page again with its rows and its preview brought up to date; nothing is saved. */
export const DRAFT_PATH = "/settings/reminders/draft";
const PREVIEW_ID = "reminder-preview";

/**
 * The exact dates of the plan in the boxes, for an example that may be chosen. Stands inside the form, so that the script can ask for it
 * anew whenever a box was left; without the script the button does.
 */
export function PlanPreview(props: {
  draft: PlanDraft;
  timeZone: string;
  /** How long links live. */
  settings: Parameters<typeof exampleFacts>[2];
  today: Day;
  nonce: string;
}): JSX.Element {
  const { draft } = props;
  const swap: Swap = {
    nonce: props.nonce,
    target: `#${PREVIEW_ID}-dates`,
    trigger: "change from:'closest form'",
    background: true,
  };
  return (
    <section class="panel companion" aria-labelledby="dates" {...swapAttributes(swap, "post", DRAFT_PATH)}>
      <div class="panel-head">
        <h2 id="dates">What this sends</h2>
        <Button size="s" icon="refresh" formAction={DRAFT_PATH}>
          Show dates
        </Button>
      </div>
      <div class="panel-body stack">
        <FieldRow>
          <TextField name="sentOn" label="Sent" type="date" value={draft.sentOn} />
          <TextField name="dueOn" label="Due" type="date" value={draft.dueOn} />
        </FieldRow>
        <div class="stack" id={`${PREVIEW_ID}-dates`} aria-live="polite">
          <Dates {...props} />
        </div>
      </div>
    </section>
  );
}

function Dates(props: Parameters<typeof PlanPreview>[0]): JSX.Element {
  const { draft, timeZone, today } = props;
  const facts = exampleFacts(draft, timeZone, props.settings);
  if (!facts) return <p class="soft">{exampleFault(draft)}</p>;
  const steps = planDates(readablePlan(draft), facts, timeZone);
  const unread = draft.steps.filter((step) => step.isOn).length - steps.length;
  return (
    <>
      <Timeline
        entries={[
          { icon: "send", tone: "info", title: "Request", time: dayWords(draft.sentOn, today) },
          ...steps.map((step) => entryOf(step, timeZone, today)),
          {
            icon: "s-expired",
            title: "Link expires",
            time: dayWords(dayOf(facts.expiresAt, timeZone), today),
          },
        ]}
      />
      {draft.isOn ? null : <p class="soft">Reminders for new requests are off: nothing of this goes out.</p>}
      {unread > 0 ? (
        <p class="soft">
          {unread === 1 ? "One reminder has" : `${unread} reminders have`} no number of days yet.
        </p>
      ) : null}
    </>
  );
}

function entryOf(step: PlannedStep, timeZone: string, today: Day): TimelineEntry {
  const title = stepWords(step);
  if (step.hindrance !== undefined || step.at === undefined || step.day === undefined)
    return { icon: "s-off", title, detail: step.hindrance && HINDRANCE_WORDS[step.hindrance] };
  return {
    icon: "bell",
    title,
    time: dayWords(step.day, today),
    dateTime: step.at.toISOString(),
    detail: timeWords({ at: step.at, movedFrom: step.movedFrom }, timeZone, today),
  };
}

function exampleFault(draft: PlanDraft): string {
  if (!isDay(draft.sentOn)) return "Choose a day of sending to see the dates.";
  return isDay(draft.dueOn)
    ? "Choose a due date within ten years of the day of sending."
    : "Choose a due date to see the dates, or empty the box for a request without one.";
}
