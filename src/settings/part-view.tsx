import type { JSX } from "hono/jsx/jsx-runtime";
import { Check, Choices } from "../ui/choices.tsx";
import { MoneyField } from "../ui/fields.tsx";
import { SettingsPage } from "../ui/settings-page.tsx";
import { SectionForm, type SectionProps } from "./section-form.tsx";

/** Settings, Part payments: whether payers may pay less, and how the rest is asked for. */
export function PartView(props: SectionProps & { currency: string }): JSX.Element {
  const { typed, errors = {} } = props;
  return (
    <SettingsPage
      {...props}
      current="part-payments"
      title="Part payments"
      aside={props.lastChange}
      reach="These apply to every new request of the firm. Links already sent keep what they were sent with."
    >
      <SectionForm action="/settings/part-payments" seen={props.seen} save="Save part payments">
        <Check
          name="allowed"
          label="Payers may choose another amount"
          hint="Never more than what is due, and never for trust requests unless the sender allows it for one link"
          checked={typed.allowed === "on"}
        />
        <MoneyField
          name="least"
          label="Least amount"
          hint="Where less than this is due, the whole of it."
          currency={props.currency}
          value={typed.least}
          error={errors.least}
        />
        <Choices
          name="successor"
          label="After a part payment the link is closed. The rest is asked for"
          value={typed.successor}
          error={errors.successor}
          choices={[
            {
              value: "by_hand",
              title: "By a member",
              hint: "One click on the link’s page makes the new link.",
            },
            {
              value: "by_itself",
              title: "By itself",
              hint: "A new link for the remaining balance is made and emailed to the payer as soon as the payment arrived.",
            },
          ]}
        />
      </SectionForm>
    </SettingsPage>
  );
}
