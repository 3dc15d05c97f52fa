import type { JSX } from "hono/jsx/jsx-runtime";
import type { Day } from "../base/day.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Check } from "../ui/choices.tsx";
import { Explanation, SelectField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import type { Member } from "../ui/nav.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { type Difference, SettingsPage } from "../ui/settings-page.tsx";
import type { PlanDraft } from "./draft.ts";
import { EARLIEST_HOUR, LATEST_HOUR, MOST_STEPS } from "./plan.ts";
import { DRAFT_PATH, PlanPreview } from "./preview-view.tsx";
import { hourWords } from "./step-words.ts";
import { Steps } from "./steps-view.tsx";

type PlanViewProps = {
  draft: PlanDraft;
  member: Member;
  timeZone: string;
  /** How long links live. */
  settings: Parameters<typeof PlanPreview>[0]["settings"];
  /** Links that can be paid and keep what they have. */
  openCount: number;
  today: Day;
  nonce: string;
  errors?: FieldErrors | undefined;
  /** What somebody else saved while this form was open. */
  stale?: readonly Difference[] | undefined;
};

const HOURS = Array.from({ length: LATEST_HOUR - EARLIEST_HOUR + 1 }, (_, index) => EARLIEST_HOUR + index);

/** When a firm's payers are reminded: the rules, and the dates that follow from them. */
export function PlanView(props: PlanViewProps): JSX.Element {
  const { draft, errors = {} } = props;
  return (
    <SettingsPage
      current="reminders"
      stale={props.stale}
      member={props.member}
      title="Smart Reminders"
      aside={`Up to ${MOST_STEPS} for each request`}
      reach="These apply to every new request of the firm. Links already sent keep what they were sent with."
    >
      <PostForm
        action="/settings/reminders"
        class="split"
        companion="narrow"
        fields={{ version: String(draft.version) }}
      >
        <Stack gap="l">
          {/* Enter in a box presses the first button of a form: this one only shows the dates anew. */}
          <button type="submit" class="visually-hidden" formaction={DRAFT_PATH} tabindex={-1}>
            Show the dates
          </button>
          <Check
            name="all"
            label={<strong>Send reminders for new requests</strong>}
            hint="They can be turned off for one request on its page"
            checked={draft.isOn}
          />
          <Steps draft={draft} errors={errors} />
          <Days {...props} />
          <Stops />
          <ActionBar words={openWords(props.openCount)}>
            <ButtonLink kind="quiet" href="/settings/reminders">
              Cancel
            </ButtonLink>
            <Button kind="primary">Save reminders</Button>
          </ActionBar>
        </Stack>
        <PlanPreview {...props} />
      </PostForm>
    </SettingsPage>
  );
}

function Days(props: PlanViewProps): JSX.Element {
  const { draft, errors } = props;
  return (
    <>
      <SelectField
        name="hour"
        label="Time of day"
        hint={`In the firm’s time zone, ${props.timeZone.replaceAll("_", " ")}.`}
        value={draft.hour}
        options={HOURS.map((hour) => ({ value: String(hour), label: hourWords(hour) }))}
        error={errors?.hour}
      />
      <fieldset class="field" data-invalid={errors?.shift ? "" : undefined}>
        <legend>If the day is a weekend or a holiday</legend>
        <Explanation id="shift" error={errors?.shift} />
        <Shift value="before" chosen={draft.shift}>
          Send on the business day before
        </Shift>
        <Shift value="after" chosen={draft.shift}>
          Send on the business day after
        </Shift>
        <Check
          name="holidays"
          label="Federal holidays of the United States count as holidays"
          checked={draft.skipsHolidays}
        />
      </fieldset>
      <p class="soft">
        Without a due date, or with one that has come when the request is sent, the reminders after it count
        from the day of sending and the others are left out.
      </p>
    </>
  );
}

function Shift(props: { value: string; chosen: string; children: string }): JSX.Element {
  return (
    <label class="check">
      <input
        type="radio"
        id={props.value === "before" ? "shift" : undefined}
        name="shift"
        value={props.value}
        checked={props.value === props.chosen}
      />
      <span>{props.children}</span>
    </label>
  );
}

/** Said, not asked: to go on reminding in these cases would help nobody. */
function Stops(): JSX.Element {
  return (
    <div class="stack" data-gap="s">
      <h3>Reminders stop by themselves</h3>
      <ul>
        <li>
          when the request is paid, in full or in part, cancelled or expired, also if the payment is disputed
          later
        </li>
        <li>while a bank payment is under way</li>
        <li>while emails bounce, until somebody corrects the address</li>
      </ul>
      <p class="soft">
        No payer gets two reminders of one request on a day, counting those that somebody sends by hand.
      </p>
    </div>
  );
}

function openWords(count: number): string {
  if (count === 0) return "No request is open.";
  return count === 1
    ? "One open request keeps the rules it has."
    : `${formatCount(count)} open requests keep the rules they have.`;
}
