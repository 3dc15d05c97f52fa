import type { JSX } from "hono/jsx/jsx-runtime";
import { Button } from "../ui/buttons.tsx";
import { Check } from "../ui/choices.tsx";
import { FieldRow, FileField, TextAreaField, TextField } from "../ui/fields.tsx";
import { SettingsPage } from "../ui/settings-page.tsx";
import type { LogoFacts } from "./logo-queries.ts";
import { PREVIEW_PAGE_PATH } from "./page-preview.tsx";
import { contrastText, readColour } from "./page-section.ts";
import type { SectionProps } from "./section-form.tsx";

type PageProps = SectionProps & { logo: (LogoFacts & { path: string }) | undefined };

/** Settings, Payment page: what the payer's page shows of the firm. */
export function PageView(props: PageProps): JSX.Element {
  const { typed, errors = {} } = props;
  return (
    <SettingsPage
      {...props}
      current="page"
      title="Payment page"
      aside={props.lastChange}
      reach="The payer’s page shows these at once, also for links already sent."
    >
      <form method="post" action="/settings/page" enctype="multipart/form-data" class="stack" novalidate>
        <input type="hidden" name="seen" value={props.seen} />
        <FieldRow>
          <Logo logo={props.logo} error={errors.logo} />
          <TextField
            name="colour"
            label="Brand color"
            hint={colourHint(typed.colour ?? "")}
            value={typed.colour}
            width="short"
            error={errors.colour}
          />
        </FieldRow>
        <TextAreaField
          name="address"
          label="Address"
          rows={2}
          value={typed.address}
          error={errors.address}
          optional
        />
        <FieldRow>
          <TextField
            name="phone"
            label="Phone"
            type="tel"
            value={typed.phone}
            error={errors.phone}
            optional
          />
          <TextField
            name="contact"
            label="Contact email"
            type="email"
            hint="Shown to payers"
            value={typed.contact}
            error={errors.contact}
            optional
          />
        </FieldRow>
        <TextField
          name="replyTo"
          label="Replies go to"
          type="email"
          hint="Where a payer’s answer to our email arrives. Empty: the contact email."
          value={typed.replyTo}
          error={errors.replyTo}
          optional
        />
        <TextAreaField
          name="disclaimer"
          label="Disclaimer"
          hint="At the foot of the payer’s page and of emails, up to 2,000 characters of plain text. Name the company that appears on the card statement."
          rows={4}
          value={typed.disclaimer}
          error={errors.disclaimer}
          optional
        />
        <div class="cluster">
          <Button kind="primary">Save payment page</Button>
          <Button formAction={PREVIEW_PAGE_PATH} icon="eye" newTab>
            See the page
            <span class="visually-hidden"> (opens in a new tab)</span>
          </Button>
        </div>
      </form>
    </SettingsPage>
  );
}

function Logo({ logo, error }: { logo: PageProps["logo"]; error: string | undefined }): JSX.Element {
  return (
    <div>
      <FileField
        name="logo"
        label="Logo"
        hint="PNG, JPEG or SVG, at most 1 MB. It stands in place of the firm’s name. Mail programs show no SVG."
        error={error}
        accept=".png,.jpg,.jpeg,.svg,image/png,image/jpeg,image/svg+xml"
      />
      {logo ? (
        <div class="logo-now">
          <img src={logo.path} alt="The logo in use" width={logo.width} height={logo.height} />
          <Check name="removeLogo" label="Take this logo away" />
        </div>
      ) : null}
    </div>
  );
}

function colourHint(typed: string): string {
  const colour = readColour(typed);
  if (colour === undefined) return "Six digits after a #, like #1f4a40. White text stands on it.";
  const ratio = contrastText(colour);
  return `White text on it has a contrast of ${ratio} to 1, ${Number(ratio) >= 4.5 ? "enough" : "and 4.5 is needed"}.`;
}
