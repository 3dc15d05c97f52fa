import type { JSX } from "hono/jsx/jsx-runtime";
import { dayOf, formatInstant, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink, CopyButton } from "../ui/buttons.tsx";
import { Dialog, PostForm } from "../ui/form.tsx";
import { Breadcrumb, Cluster, PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { KeyValues, Timeline } from "../ui/lists.tsx";
import { Notice } from "../ui/notices.tsx";
import { AccountBadge, LinkTag, linkWord } from "../ui/tags.tsx";
import { describeEvent } from "./history.ts";
import type { LinkPage } from "./link-page.ts";
import { RestPanel } from "./link-rest-view.tsx";
import { AllocationTable, EmailTable, PaymentTable } from "./link-tables.tsx";
import { QrCode } from "./qr.tsx";
import { sentHref } from "./sent-view.tsx";

export type LinkViewProps = { page: LinkPage; timeZone: string; maySeePostings: boolean };

/** One link: what it asks for, what came of it, and what can be done about it. */
export function LinkView(props: LinkViewProps): JSX.Element {
  const { link } = props.page;
  const amount = formatMoney({ minor: link.amount_minor, currency: link.currency });
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: "Sent Pages", href: "/sent" },
          { label: linkWord(link.state), href: sentHref({ state: link.state }) },
          { label: link.reference },
        ]}
      />
      <PageHeader
        title={`${amount} from ${link.client_name === "" ? link.payer_name : link.client_name}`}
        tag={<LinkTag state={link.state} />}
        detail={[link.matter_label, link.due_on === null ? "" : `due ${formatShortDay(link.due_on)}`]
          .filter((part) => part !== "")
          .join(", ")}
        actions={<Actions {...props} />}
      />
      <Split companion="narrow">
        <Stack gap="xl">
          <DeliveryNotice {...props} />
          <RestPanel page={props.page} />
          <AllocationTable page={props.page} />
          <PaymentTable {...props} />
          <EmailTable {...props} />
          <Section id="history" title="History" detail="Newest first">
            <Timeline entries={props.page.history.map((event) => describeEvent(event, props.timeZone))} />
          </Section>
        </Stack>
        <div class="companion stack">
          <FactsPanel {...props} />
          <AddressPanel {...props} />
        </div>
      </Split>
      {link.state === "outstanding" ? <CancelDialog {...props} /> : null}
    </>
  );
}

function Actions({ page }: LinkViewProps): JSX.Element | null {
  const { link } = page;
  if (link.state !== "outstanding") return null;
  const path = `/links/${link.id}`;
  return (
    <>
      {link.payer_emails.length > 0 ? (
        <PostForm action={`${path}/resend`} fields={{ sendCount: String(link.send_count) }}>
          <Button icon="mail">{link.send_count === 0 ? "Send by email" : "Resend"}</Button>
        </PostForm>
      ) : null}
      <CopyButton text={page.url} said="Link copied">
        Copy link
      </CopyButton>
      <ButtonLink href={`${path}/correct`} icon="user">
        {link.payer_emails.length > 0 ? "Correct address" : "Add address"}
      </ButtonLink>
      <ButtonLink href={`${path}/extend`} icon="calendar">
        Edit expiry
      </ButtonLink>
      <ButtonLink href={`${path}/cancel`} kind="danger" icon="x" opens="dialog-cancel">
        Cancel link
      </ButtonLink>
    </>
  );
}

function DeliveryNotice({ page: { link } }: LinkViewProps): JSX.Element | null {
  if (link.delivery_reason === null || link.state !== "outstanding") return null;
  const bounced = link.delivery === "bounced";
  return (
    <Notice
      tone={bounced ? "bad" : "warn"}
      title={bounced ? "The email did not arrive." : "Nobody knows whether the email went out."}
      actions={
        <ButtonLink href={`/links/${link.id}/correct`} size="s">
          Correct the address
        </ButtonLink>
      }
    >
      {link.delivery_reason}
    </Notice>
  );
}

function FactsPanel({ page, timeZone }: LinkViewProps): JSX.Element {
  const { link, facts } = page;
  const seen = link.first_viewed_at && link.last_viewed_at;
  return (
    <Panel id="facts" title="Key facts">
      <KeyValues
        facts={[
          { name: "Reference", value: link.reference },
          { name: "For", value: page.allocations.length === 0 ? link.description : undefined },
          { name: "Invoice number", value: link.invoice_number === "" ? undefined : link.invoice_number },
          {
            name: "Payer",
            value: (
              <>
                {link.payer_name}
                {link.payer_emails.map((address) => (
                  <>
                    <br />
                    <MailAddress address={address} />
                  </>
                ))}
              </>
            ),
          },
          { name: "Paid into", value: <AccountBadge kind={link.account_kind} last4={facts.last4} /> },
          {
            name: link.send_count === 0 ? "Created" : "Sent",
            value: (
              <>
                {formatInstant(link.created_at, timeZone)}
                <br />
                <span class="soft">by {facts.createdByName}</span>
              </>
            ),
          },
          { name: "Due", value: link.due_on === null ? undefined : formatShortDay(link.due_on) },
          { name: "Expires", value: formatShortDay(dayOf(link.expires_at, timeZone)) },
          {
            name: "Viewed",
            value: seen ? `${formatInstant(seen, timeZone)}` : "Not yet",
          },
          {
            name: "Declined",
            value: link.tried_at ? (link.tried_reason ?? "The card or bank said no") : undefined,
          },
          { name: "Part payment", value: link.part_payment_allowed ? "Allowed" : "Not allowed" },
          { name: "Sent together with", value: together(page) },
          { name: "Follows", value: linkTo(page.predecessor) },
          { name: "Followed by", value: linkTo(page.successor) },
        ]}
      />
    </Panel>
  );
}

function together({ siblings }: LinkPage): JSX.Element | undefined {
  if (siblings.length === 0) return undefined;
  return (
    <>
      {siblings.map((sibling) => (
        <>{linkTo(sibling)} </>
      ))}
    </>
  );
}

function linkTo(link: { id: string; reference: string } | undefined): JSX.Element | undefined {
  return link ? <a href={`/links/${link.id}`}>{link.reference}</a> : undefined;
}

/** Only an outstanding link is worth copying: every other opens a page that takes no money. */
function AddressPanel({ page: { link, url } }: LinkViewProps): JSX.Element | null {
  if (link.state !== "outstanding") return null;
  return (
    <Panel id="link-address" title="Link and QR code">
      <QrCode text={url} label="QR code for this payment link" />
      <p>
        <code>{url}</code>
      </p>
      <Cluster>
        <CopyButton text={url} said="Link copied" size="s">
          Copy link
        </CopyButton>
      </Cluster>
    </Panel>
  );
}

function CancelDialog({ page: { link } }: LinkViewProps): JSX.Element {
  return (
    <Dialog
      id="dialog-cancel"
      title="Cancel this link?"
      action={`/links/${link.id}/cancel`}
      keep="Keep the link"
      confirm="Cancel link"
    >
      <p>
        Whoever opens it then reads that it was cancelled. Nothing more can be paid through it, and it cannot
        be opened again.
      </p>
    </Dialog>
  );
}

/** An address that breaks after its @ where the column is narrow. */
function MailAddress({ address }: { address: string }): JSX.Element {
  const at = address.lastIndexOf("@") + 1;
  const [person, domain] = [address.slice(0, at), address.slice(at)];
  return (
    <a href={`mailto:${encodeURIComponent(person.slice(0, -1))}@${domain}`}>
      {person}
      <wbr />
      {domain}
    </a>
  );
}
