import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Check, Choices } from "../ui/choices.tsx";
import { Explanation, FieldRow, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { KeyValues } from "../ui/lists.tsx";
import type { Member } from "../ui/nav.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { type Difference, SettingsPage } from "../ui/settings-page.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import { METHOD_LABELS, type TypedAccount } from "./account-form.ts";
import type { AccountRow } from "./account-queries.ts";
import { ACCOUNTS_PATH } from "./accounts-view.tsx";
import type { NewAccount } from "./register-account.ts";

const REACH = "New requests use it as it stands here. Links already sent keep what they were sent with.";

/** The form that adds an account. */
export function NewAccountView(props: {
  member: Member;
  typed: NewAccount;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { typed, errors = {} } = props;
  return (
    <SettingsPage
      current="accounts"
      member={props.member}
      title="Add a merchant account"
      aside={<a href={ACCOUNTS_PATH}>All accounts</a>}
      reach={REACH}
    >
      <PostForm action={`${ACCOUNTS_PATH}/new`} class="stack">
        <TextField
          name="processorAccount"
          label="Account at the card processor"
          hint="Its id, which begins with acct_. It must be connected to this platform; we read there what it may take and who pays its fees."
          value={typed.processorAccount}
          error={errors.processorAccount}
        />
        <Choices
          name="kind"
          label="Kind"
          value={typed.kind}
          error={errors.kind}
          columns={2}
          choices={[
            { value: "operating", title: "Operating", hint: "For invoices", icon: "briefcase" },
            {
              value: "trust",
              title: "Trust",
              hint: "For client money; its fees must be billed to the platform",
              icon: "shield",
            },
          ]}
        />
        <CommonFields typed={typed} errors={errors} />
        <TextField
          name="last4"
          label="Last four digits of the bank account"
          hint="Only where the card processor does not tell them"
          value={typed.last4}
          inputmode="numeric"
          width="short"
          error={errors.last4}
          optional
        />
        <div class="cluster">
          <Button kind="primary">Add account</Button>
          <ButtonLink href={ACCOUNTS_PATH}>Cancel</ButtonLink>
        </div>
      </PostForm>
    </SettingsPage>
  );
}

/** The form that changes an account. */
export function AccountView(props: {
  member: Member;
  account: AccountRow;
  typed: TypedAccount;
  seen: string;
  lastChange: string | undefined;
  errors?: FieldErrors | undefined;
  stale?: readonly Difference[] | undefined;
}): JSX.Element {
  const { account, typed, errors = {} } = props;
  const path = `${ACCOUNTS_PATH}/${account.id}`;
  return (
    <SettingsPage
      current="accounts"
      member={props.member}
      title={account.name}
      aside={props.lastChange}
      reach={REACH}
      stale={props.stale}
    >
      <div class="stack">
        <KeyValues
          facts={[
            { name: "Kind", value: <AccountBadge kind={account.kind} last4={account.last4} /> },
            { name: "Account at the card processor", value: account.processor_account },
            { name: "Currency", value: account.currency },
            {
              name: "Processing fees",
              value:
                account.fees_payer === "platform" ? "Billed to the platform" : "Taken out of each payment",
            },
          ]}
        />
        <PostForm action={path} class="stack" fields={{ seen: props.seen }}>
          <CommonFields typed={typed} errors={errors} />
          <div class="cluster">
            <Button kind="primary">Save account</Button>
            <ButtonLink href={ACCOUNTS_PATH}>Back</ButtonLink>
            <ButtonLink kind="quiet" href={`${path}/archive`}>
              Archive
            </ButtonLink>
          </div>
        </PostForm>
      </div>
    </SettingsPage>
  );
}

function CommonFields({ typed, errors }: { typed: TypedAccount; errors: FieldErrors }): JSX.Element {
  return (
    <>
      <FieldRow>
        <TextField name="name" label="Name" value={typed.name} error={errors.name} />
        <TextField
          name="ledgerCode"
          label="Ledger code"
          hint="As your books name it, like 1010 Cash, operating"
          value={typed.ledgerCode}
          error={errors.ledgerCode}
          optional
        />
      </FieldRow>
      <fieldset class="field" data-invalid={errors.methods ? "" : undefined}>
        <legend>Takes</legend>
        <Explanation id="methods" error={errors.methods} />
        {(["card", "bank_debit"] as const).map((method, index) => (
          <Check
            name="methods"
            id={index === 0 ? "methods" : `methods-${method}`}
            value={method}
            label={METHOD_LABELS[method]}
            checked={typed.methods.includes(method)}
          />
        ))}
      </fieldset>
      <fieldset class="field" data-invalid={errors.isDefault ? "" : undefined}>
        <legend>Default</legend>
        <Explanation id="isDefault" error={errors.isDefault} />
        <Check
          name="isDefault"
          id="isDefault"
          label="Money of this kind goes here unless somebody chooses another account"
          checked={typed.isDefault}
        />
      </fieldset>
    </>
  );
}
