import type { JSX } from "hono/jsx/jsx-runtime";
import { Button } from "../ui/buttons.tsx";
import { Choices } from "../ui/choices.tsx";
import { FieldRow, MoneyField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Cluster, PageHeader, Stack } from "../ui/layout.tsx";
import { EmptyState, type FieldErrors } from "../ui/notices.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import { DeliveryFields, TermsFields } from "./quick-delivery-view.tsx";
import type { QuickDraft } from "./quick-draft.ts";
import { chosenAccount, type QuickFirm } from "./quick-issue.ts";
import { previewQuick } from "./quick-preview.ts";
import { QuickPreviewView } from "./quick-preview-view.tsx";

type QuickViewProps = {
  quick: QuickFirm;
  draft: QuickDraft;
  nonce: string;
  errors?: FieldErrors | undefined;
};

/** One request that is typed by hand: what is owed, how it reaches the payer, and what the payer will read. */
export function QuickView(props: QuickViewProps): JSX.Element {
  const { quick, draft } = props;
  return (
    <>
      <PageHeader
        title="Quick Link"
        detail={
          <>
            One request, one payment, no account needed. To take money against open statements,{" "}
            <a href="/matters">start from a matter</a> instead.
          </>
        }
      />
      {quick.accounts.length === 0 ? (
        <NoAccount />
      ) : (
        <PostForm action="/quick" class="split" companion="wide" fields={{ formId: draft.formId }}>
          <Stack gap="xl">
            <Owed {...props} />
            <DeliveryFields quick={quick} draft={draft} errors={props.errors} />
            <TermsFields quick={quick} draft={draft} errors={props.errors} />
            <ActionBar words="A payment by Quick Link waits in Manage Postings until somebody picks its statement, unless the invoice number finds it.">
              <SubmitButtons />
            </ActionBar>
          </Stack>
          <QuickPreviewView preview={previewQuick(quick, draft)} nonce={props.nonce} />
        </PostForm>
      )}
    </>
  );
}

function NoAccount(): JSX.Element {
  return (
    <EmptyState icon="bank" title="No account can receive money yet">
      An administrator of your firm must add a merchant account first.
    </EmptyState>
  );
}

function Owed({ quick, draft, errors }: QuickViewProps): JSX.Element {
  const currency = chosenAccount(quick.accounts, draft.accountId)?.currency ?? quick.firm.currency;
  return (
    <fieldset class="stack">
      <legend>
        <h2>What is owed</h2>
      </legend>
      <AccountChoice quick={quick} draft={draft} errors={errors} />
      <MoneyField
        name="amount"
        label="Amount due"
        currency={currency}
        size="l"
        showCurrency
        value={draft.amount}
        error={errors?.amount}
      />
      <FieldRow>
        <TextField
          name="invoiceNumber"
          label="Invoice number"
          hint="Lets the payment find its statement."
          optional
          value={draft.invoiceNumber}
          error={errors?.invoiceNumber}
        />
        <TextField
          name="dueOn"
          type="date"
          label="Due date"
          hint="Shown to the payer."
          optional
          value={draft.dueOn}
          error={errors?.dueOn}
        />
      </FieldRow>
      <TextField
        name="description"
        label="What it is for"
        hint="The payer reads this in the email and on the payment page."
        value={draft.description}
        error={errors?.description}
      />
    </fieldset>
  );
}

/** Only where there is something to choose. None is chosen beforehand: trust money must not go astray by habit. */
function AccountChoice({ quick, draft, errors }: Omit<QuickViewProps, "nonce">): JSX.Element {
  const [only, ...others] = quick.accounts;
  if (only && others.length === 0) {
    return (
      <Cluster>
        <span class="field-label">Deposit to</span>
        <strong>{only.name}</strong>
        <AccountBadge kind={only.kind} last4={only.last4} />
      </Cluster>
    );
  }
  const isMixed = new Set(quick.accounts.map((account) => account.currency)).size > 1;
  return (
    <Choices
      name="accountId"
      label="Deposit to"
      hint="One link pays into one account. Client money that is not earned yet belongs in trust."
      value={draft.accountId}
      error={errors?.accountId}
      choices={quick.accounts.map((account) => ({
        value: account.id,
        title: account.name,
        hint: isMixed ? `Takes ${account.currency}` : undefined,
        aside: <AccountBadge kind={account.kind} last4={account.last4} />,
      }))}
    />
  );
}

/** Where the browser can follow the choice of delivery, only the button that fits it is shown; both send the same form. */
function SubmitButtons(): JSX.Element {
  return (
    <>
      <span data-while="revealed">
        <Button kind="primary" icon="send">
          Send link
        </Button>
      </span>
      <span data-while="hidden">
        <Button kind="primary" icon="link">
          Generate link
        </Button>
      </span>
    </>
  );
}
