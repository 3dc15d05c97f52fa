import type { JSX } from "hono/jsx/jsx-runtime";
import { dayOf, formatInstant, formatShortDay } from "../base/day.ts";
import { LANGUAGE_NAMES } from "../base/language.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink, CopyButton } from "../ui/buttons.tsx";
import { Dialog, PostForm } from "../ui/form.tsx";
import { Breadcrumb, PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { KeyValues, Timeline } from "../ui/lists.tsx";
import { AccountBadge, LinkTag, linkWord } from "../ui/tags.tsx";
import { LinkAddress } from "./address-view.tsx";
import { ReasonField } from "./cancel-view.tsx";
import { timelineOf } from "./history.ts";
import { AllocationTable } from "./link-allocations-view.tsx";
import { DeliveryTrouble } from "./link-fix-view.tsx";
import type { LinkPage } from "./link-page.ts";
import { RemindersFact } from "./link-reminders-view.tsx";
import { RestPanel } from "./link-rest-view.tsx";
import { EmailTable, PaymentTable } from "./link-tables.tsx";
import { sentHref } from "./list-address.ts";
import { QrCode } from "./qr.tsx";
import type { LinkRow } from "./queries.ts";
import { keptMinor } from "./received.ts";

type LinkViewProps = { page: LinkPage; timeZone: string; maySeePostings: boolean };

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
          <DeliveryTrouble page={props.page} />
          <RestPanel page={props.page} />
          <AllocationTable page={props.page} />
          <PaymentTable {...props} />
          <EmailTable {...props} />
          <Section id="history" title="History" detail="Newest first">
            <Timeline entries={timelineOf(link, props.page.history, props.timeZone)} />
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
      {link.delivery === "bounced" ? null : (
        <ButtonLink href={`${path}/correct`} icon="user">
          {link.payer_emails.length > 0 ? "Correct address" : "Add address"}
        </ButtonLink>
      )}
      <ButtonLink href={`${path}/extend`} icon="calendar">
        Edit expiry
      </ButtonLink>
      <ButtonLink href={`${path}/cancel`} kind="danger" icon="x" opens="dialog-cancel">
        Cancel link
      </ButtonLink>
    </>
  );
}

function FactsPanel({ page, timeZone }: LinkViewProps): JSX.Element {
  const { link, facts, received } = page;
  const money = (minor: bigint) => formatMoney({ minor, currency: link.currency });
  const wentBack = received.goneMinor > 0n;
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
              <div class="stack" data-gap="s">
                <span>{link.payer_name}</span>
                {link.payer_emails.map((address) => (
                  <MailAddress address={address} />
                ))}
              </div>
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
          { name: "Received", value: wentBack ? money(keptMinor(received)) : undefined },
          { name: "Went back", value: wentBack ? money(received.goneMinor) : undefined },
          { name: "Due", value: link.due_on === null ? undefined : formatShortDay(link.due_on) },
          { name: "Expires", value: formatShortDay(dayOf(link.expires_at, timeZone)) },
          { name: "Reminders", value: <RemindersFact link={link} timeZone={timeZone} /> },
          {
            name: "Viewed",
            value: seen ? `${formatInstant(seen, timeZone)}` : "Not yet",
          },
          { name: "Cancelled because", value: link.cancel_reason ?? undefined },
          {
            name: "Declined",
            value: link.tried_at ? (link.tried_reason ?? "The card or bank said no") : undefined,
          },
          {
            name: "Language",
            value: link.language === null ? "As the payer's browser wants" : LANGUAGE_NAMES[link.language],
          },
          {
            name: "Payer's page",
            value: <a href={`/links/${link.id}/preview`}>Preview as the payer sees it</a>,
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

function linkTo(link: Pick<LinkRow, "id" | "reference" | "state"> | undefined): JSX.Element | undefined {
  if (!link) return undefined;
  return (
    <>
      <a href={`/links/${link.id}`}>{link.reference}</a>
      <span class="soft">{` ${linkWord(link.state).toLowerCase()}`}</span>
    </>
  );
}

/** Only an outstanding link is worth copying: every other opens a page that takes no money. */
function AddressPanel({ page: { link, url } }: LinkViewProps): JSX.Element | null {
  if (link.state !== "outstanding") return null;
  return (
    <Panel id="link-address" title="Link and QR code">
      <QrCode text={url} label="QR code for this payment link" />
      <LinkAddress url={url} />
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
      <ReasonField />
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
