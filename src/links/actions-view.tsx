import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { Breadcrumb, Cluster, PageHeader, Stack } from "../ui/layout.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import type { LinkRow } from "./queries.ts";

/** Asks before a link is cancelled, for browsers without the dialog. */
export function CancelView({ link }: { link: LinkRow }): JSX.Element {
  return (
    <Frame link={link} title="Cancel this link?">
      <PostForm action={`/links/${link.id}/cancel`}>
        <Stack gap="l">
          <p>
            {`${link.reference} asks ${link.payer_name} for ${amountOf(link)}. Whoever opens it after this reads that it was cancelled. `}
            Nothing more can be paid through it, and it cannot be opened again.
          </p>
          <Cluster>
            <ButtonLink href={`/links/${link.id}`}>Keep the link</ButtonLink>
            <Button kind="danger">Cancel link</Button>
          </Cluster>
        </Stack>
      </PostForm>
    </Frame>
  );
}

/** Moves the last day of a link. */
export function ExtendView(props: {
  link: LinkRow;
  expiresOn: string;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { link } = props;
  return (
    <Frame link={link} title="Edit expiry">
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
    </Frame>
  );
}

/** Sends a link to another address; what went out before stops working. */
export function CorrectView(props: {
  link: LinkRow;
  payerName: string;
  payerEmails: string;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { link } = props;
  return (
    <Frame link={link} title={link.payer_emails.length > 0 ? "Correct the address" : "Add an address"}>
      <PostForm action={`/links/${link.id}/correct`} fields={{ tokenVersion: String(link.token_version) }}>
        <Stack gap="l">
          <p>
            The request is sent to the new address with a new link. The earlier link stops working at once,
            wherever it went.
          </p>
          <TextField name="payerName" label="Payer" value={props.payerName} error={props.errors?.payerName} />
          <TextField
            name="payerEmails"
            label="Email addresses"
            hint="Up to five, separated by commas."
            value={props.payerEmails}
            error={props.errors?.payerEmails}
          />
          <Cluster>
            <Button kind="primary" icon="send">
              Send to this address
            </Button>
            <ButtonLink href={`/links/${link.id}`}>Back</ButtonLink>
          </Cluster>
        </Stack>
      </PostForm>
    </Frame>
  );
}

function Frame(props: { link: LinkRow; title: string; children: Child }): JSX.Element {
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

function amountOf(link: LinkRow): string {
  return formatMoney({ minor: link.amount_minor, currency: link.currency });
}
