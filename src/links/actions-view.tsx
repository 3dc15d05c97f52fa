import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { LANGUAGE_NAMES, LANGUAGES } from "../base/language.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { SelectField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { Breadcrumb, Cluster, PageHeader, Stack } from "../ui/layout.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { type AddressState, AddressStates } from "./link-delivery-view.tsx";
import type { LinkRow } from "./queries.ts";

/** Moves the last day of a link. */
export function ExtendView(props: {
  link: LinkRow;
  expiresOn: string;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { link } = props;
  return (
    <ActionFrame link={link} title="Edit expiry">
      <PostForm action={`/links/${link.id}/extend`}>
        <Stack gap="l">
          <TextField
            name="expiresOn"
            label="Last day to pay"
            type="date"
            hint="Within one year. The link takes payments until the end of this day."
            value={props.expiresOn}
            error={props.errors?.expiresOn}
          />
          <Cluster>
            <Button kind="primary">Save</Button>
            <ButtonLink href={`/links/${link.id}`}>Back</ButtonLink>
          </Cluster>
        </Stack>
      </PostForm>
    </ActionFrame>
  );
}

export type Correction = { payerName: string; payerEmails: string; language: string };

/** What the form of a correction starts with. */
export function startCorrection(link: LinkRow): Correction {
  return {
    payerName: link.payer_name,
    payerEmails: link.payer_emails.join(", "),
    language: link.language ?? "",
  };
}

/** Sends a link to another address; what went out before stops working. */
export function CorrectView(props: {
  link: LinkRow;
  typed: Correction;
  /** How far the latest email to each address came. */
  reached: readonly AddressState[];
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { link } = props;
  return (
    <ActionFrame link={link} title={link.payer_emails.length > 0 ? "Correct the address" : "Add an address"}>
      <Stack gap="l">
        <AddressStates reached={props.reached} />
        <CorrectForm {...props} back={`/links/${link.id}`} />
      </Stack>
    </ActionFrame>
  );
}

/** The form alone; `back` is where to go instead, for a page of its own. */
export function CorrectForm(props: {
  link: LinkRow;
  typed: Correction;
  errors?: FieldErrors | undefined;
  back?: string | undefined;
}): JSX.Element {
  const { link, typed, errors } = props;
  return (
    <PostForm action={`/links/${link.id}/correct`} fields={{ tokenVersion: String(link.token_version) }}>
      <Stack gap="l">
        <p>
          {link.send_count === 0
            ? "The request is sent there with a new link. A link that you copied before stops working at once."
            : "The request is sent to everybody named here with a new link. The earlier link stops working at once, wherever it went."}
        </p>
        <TextField name="payerName" label="Payer" value={typed.payerName} error={errors?.payerName} />
        <TextField
          name="payerEmails"
          label="Email addresses"
          hint="Up to five, separated by commas."
          value={typed.payerEmails}
          error={errors?.payerEmails}
        />
        <SelectField
          name="language"
          label="Language of emails and page"
          options={LANGUAGE_OPTIONS}
          value={typed.language}
          error={errors?.language}
        />
        <Cluster>
          <Button kind="primary" icon="send">
            Send to this address
          </Button>
          {props.back === undefined ? null : <ButtonLink href={props.back}>Back</ButtonLink>}
        </Cluster>
      </Stack>
    </PostForm>
  );
}

const LANGUAGE_OPTIONS = [
  { value: "", label: "English emails, page as the payer's browser wants" },
  ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
];

/** What the pages of one action on a link have in common. */
export function ActionFrame(props: { link: LinkRow; title: string; children: Child }): JSX.Element {
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: "Sent Pages", href: "/sent" },
          { label: props.link.reference, href: `/links/${props.link.id}` },
          { label: props.title },
        ]}
      />
      <PageHeader title={props.title} detail={`${props.link.reference}, ${amountOf(props.link)}`} />
      {props.children}
    </>
  );
}

/** What a link asks for, in words. */
export function amountOf(link: LinkRow): string {
  return formatMoney({ minor: link.amount_minor, currency: link.currency });
}
