import type { JSX } from "hono/jsx/jsx-runtime";
import { Choices } from "../ui/choices.tsx";
import { Field, FieldRow, SelectField, TextField, wire } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { SettingsPage } from "../ui/settings-page.tsx";
import { CAPTCHA, CAPTCHA_MAKERS, findMaker } from "./captcha-keys.ts";
import { LIFETIME_UNITS } from "./lifetime.ts";
import type { Typed } from "./section.ts";
import { SectionForm, type SectionProps } from "./section-form.tsx";

type SecurityProps = SectionProps & {
  hasSecret: boolean;
  trouble: "secret" | "keys_differ" | "test_keys" | null;
};

const TROUBLE = {
  secret: "The maker of the captcha does not know the secret. Copy it again from the maker’s page.",
  keys_differ:
    "Site key and secret do not belong together. Copy both again from the same entry of the maker’s page.",
  test_keys: "These are the maker’s public test keys: they let everybody through. Enter keys of your own.",
} as const;

/** Settings, Security: the captcha before paying, how long links live, how long a session waits. */
export function SecurityView(props: SecurityProps): JSX.Element {
  const { typed, errors = {} } = props;
  return (
    <SettingsPage
      {...props}
      current="security"
      title="Security"
      aside={props.lastChange}
      reach="The captcha and the sign-out hold at once. Links already sent keep the day on which they expire."
    >
      {props.trouble ? (
        <Notice tone="bad" title="Payers cannot get past the captcha.">
          {TROUBLE[props.trouble]}
        </Notice>
      ) : null}
      <SectionForm action="/settings/security" seen={props.seen} save="Save security">
        <CaptchaFields {...props} />
        <Lifetime typed={typed} error={errors.lifetime} />
        <TextField
          name="idle"
          label="Sign members out after"
          hint="Minutes without a click, from 15 to 720. Everybody signs in again after 12 hours."
          value={typed.idle}
          inputmode="numeric"
          width="short"
          error={errors.idle}
        />
      </SectionForm>
    </SettingsPage>
  );
}

function CaptchaFields({ typed, errors = {}, hasSecret }: SecurityProps): JSX.Element {
  const maker = findMaker(typed.captcha ?? "");
  return (
    <>
      <SelectField
        name="captcha"
        label="Captcha before paying"
        hint="Asked on our page, before the payer goes to the card processor. Its maker sees the payer’s browser."
        value={typed.captcha}
        options={[
          { value: "off", label: "None" },
          ...CAPTCHA_MAKERS.map((each) => ({ value: each, label: CAPTCHA[each].name })),
        ]}
        error={errors.captcha}
      />
      <FieldRow>
        <TextField
          name="siteKey"
          label="Site key"
          hint={maker ? `From ${CAPTCHA[maker].console}` : "From the maker’s page; needed with a captcha"}
          value={typed.siteKey}
          error={errors.siteKey}
        />
        <Secret hasSecret={hasSecret} error={errors.secret} />
      </FieldRow>
      <Choices
        name="outage"
        label="When the captcha’s maker does not answer"
        value={typed.outage}
        error={errors.outage}
        choices={[
          {
            value: "refuse",
            title: "Nobody pays until it answers",
            hint: "The payer reads that it is our fault and may try again, or call the firm.",
          },
          {
            value: "let_through",
            title: "Payers go on unchecked",
            hint: "The record says of each payment that it was not checked.",
          },
        ]}
      />
    </>
  );
}

/** Written and never shown again. */
function Secret(props: { hasSecret: boolean; error: string | undefined }): JSX.Element {
  return (
    <TextField
      name="secret"
      type="password"
      label="Secret"
      hint={
        props.hasSecret
          ? "A secret is stored. Leave this empty to keep it."
          : "Kept sealed and never shown again"
      }
      error={props.error}
    />
  );
}

function Lifetime({ typed, error }: { typed: Typed; error: string | undefined }): JSX.Element {
  const field = {
    name: "lifetime",
    label: "Links expire",
    hint: "After the due date, or after sending where there is none. From 15 minutes to 365 days.",
    error,
  };
  const wiring = wire(field);
  return (
    <Field {...field}>
      <div class="cluster">
        <input
          class="input"
          data-width="short"
          id={wiring.id}
          name="lifetime"
          inputmode="numeric"
          autocomplete="off"
          value={typed.lifetime ?? ""}
          aria-invalid={wiring.invalid ? "true" : undefined}
          aria-describedby={wiring.describedBy}
        />
        <select
          class="input"
          data-width="auto"
          name="lifetimeUnit"
          aria-label="Unit of the time until links expire"
        >
          {LIFETIME_UNITS.map((unit) => (
            <option value={unit} selected={unit === typed.lifetimeUnit}>
              {unit}
            </option>
          ))}
        </select>
      </div>
    </Field>
  );
}
