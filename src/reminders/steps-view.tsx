// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, IconButton } from "../ui/buttons.tsx";
import { Explanation } from "../ui/fields.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import type { PlanDraft } from "./draft.ts";
import { MOST_STEPS } from "./plan.ts";
import { DRAFT_PATH } from "./preview-view.tsx";
import type { StepInput } from "./save-plan.ts";

/** The rows of a plan, one for each reminder, with buttons to add and delete. */
export function Steps({ draft, errors }: { draft: PlanDraft; errors: FieldErrors }): JSX.Element {
  const isFull = draft.steps.length >= MOST_STEPS;
  return (
    <div id="steps">
      <h3>When</h3>
      <Explanation id="steps" error={errors.steps} />
      <ul role="list">
        {draft.steps.map((step, index) => (
          <StepRow step={step} position={index + 1} errors={errors} />
        ))}
      </ul>
      {isFull ? (
        <p class="soft">A request has at most {MOST_STEPS} reminders.</p>
      ) : (
        <p class="cluster">
          <Button kind="quiet" icon="plus" name="do" value="add" formAction={`${DRAFT_PATH}#steps`}>
            Add a reminder
          </Button>
          {draft.steps.some((step) => step.side === "on") ? null : (
            <Button kind="quiet" icon="plus" name="do" value="addOn" formAction={`${DRAFT_PATH}#steps`}>
              Add one on the due date
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

function StepRow(props: { step: StepInput; position: number; errors: FieldErrors }): JSX.Element {
  const { step, position, errors } = props;
  const error = errors[`days-${position}`] ?? errors[`side-${position}`];
  return (
    <li class="rule-row">
      <label class="check">
        <input type="checkbox" name={`on-${position}`} value="on" checked={step.isOn} />
        <span class="visually-hidden">Reminder {position} is on</span>
      </label>
      {step.side === "on" ? (
        <strong>
          On the due date
          <input type="hidden" name={`side-${position}`} value="on" />
        </strong>
      ) : (
        <DaysAndSide step={step} position={position} error={error} />
      )}
      <span class="cluster">
        <a href="/settings/messages">
          Message<span class="visually-hidden"> of reminder {position}</span>
        </a>
        <IconButton
          icon="trash"
          label={`Delete reminder ${position}`}
          name="do"
          value={`delete-${position}`}
          formAction={`${DRAFT_PATH}#steps`}
        />
      </span>
    </li>
  );
}

function DaysAndSide(props: { step: StepInput; position: number; error: string | undefined }): JSX.Element {
  const { step, position, error } = props;
  const id = `days-${position}`;
  return (
    <div class="field" data-invalid={error ? "" : undefined}>
      <Explanation id={id} error={error} />
      <span class="cluster">
        <input
          class="input"
          data-size="s"
          data-width="short"
          id={id}
          name={id}
          inputmode="numeric"
          autocomplete="off"
          value={step.days}
          aria-label={`Reminder ${position}, days`}
          aria-invalid={error ? "true" : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
        />
        days
        <select
          class="input"
          data-size="s"
          data-width="auto"
          id={`side-${position}`}
          name={`side-${position}`}
          aria-label={`Reminder ${position}, before or after`}
        >
          <option value="before" selected={step.side === "before"}>
            before due
          </option>
          <option value="after" selected={step.side === "after"}>
            after due
          </option>
        </select>
      </span>
    </div>
  );
}
