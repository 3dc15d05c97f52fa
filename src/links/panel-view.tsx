import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, dayOf, formatAgo, formatShortDay } from "../base/day.ts";
import { formatDecimal, formatMoney, sumMinor } from "../base/money.ts";
import { StatementChoices } from "../ui/basket.tsx";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { MoneyField, SelectField, TextAreaField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { Cluster, Details, Stack } from "../ui/layout.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { EmbedBody, EmbedFoot } from "../ui/page.tsx";
import { AccountBadge, LinkTag } from "../ui/tags.tsx";
import { ageWords } from "./matters-view.tsx";
import { type Panel, panelFingerprint, SENT_DAYS } from "./panel.ts";
import { accountKindOf } from "./plan.ts";
import type { LinkRow } from "./queries.ts";
import { type AddressedLinkRow, LinkSummary } from "./request-view.tsx";

/** What the panel's boxes hold, as it was typed. */
export type PanelTyped = {
  items: readonly string[];
  amount: string;
  payer: string;
  otherName: string;
  otherEmail: string;
  note: string;
};

type PanelViewProps = {
  panel: Panel;
  formId: string;
  /** Undefined on a fresh page: all invoices are ticked, for the assigned payer. */
  typed: PanelTyped | undefined;
  today: Day;
  now: Date;
  errors?: FieldErrors | undefined;
};

/** The whole request on one narrow page, for the matter on screen. */
export function PanelView(props: PanelViewProps): JSX.Element {
  const { panel, errors } = props;
  const typed = props.typed ?? freshTyped(panel);
  if (panel.statements.length === 0) {
    return (
      <EmbedBody>
        <EmptyState icon="receipt" title="Nothing is open on this matter">
          {readWords(props)}
        </EmptyState>
        <SentForMatter sent={panel.sent} />
      </EmbedBody>
    );
  }
  const chosen = panel.payers.find((payer) => payer.id === typed.payer);
  const currency = panel.statements[0]?.currency ?? "USD";
  return (
    <PostForm
      action={`/embed/matters/${panel.matter.id}`}
      fields={{ formId: props.formId, seen: panelFingerprint(panel.statements), offered: typed.amount }}
    >
      <EmbedBody>
        <Statements {...props} items={typed.items} />
        <MoneyField
          name="amount"
          label="Amount to ask for"
          currency={currency}
          value={typed.amount}
          hint="All of what is ticked. A lower amount fills the oldest first."
          error={errors?.amount}
        />
        <SelectField
          name="payer"
          label="Payer"
          value={typed.payer}
          options={payerOptions(panel)}
          hint={chosen?.is_assigned ? "Assigned payer of this matter" : undefined}
          error={errors?.payer}
        />
        <Details summary="Somebody else pays" open={typed.payer === "other"}>
          <TextField name="otherName" label="Name" value={typed.otherName} error={errors?.otherName} />
          <TextField
            name="otherEmail"
            label="Email address"
            type="email"
            value={typed.otherEmail}
            error={errors?.otherEmail}
          />
        </Details>
        <TextAreaField
          name="note"
          label="Message"
          optional
          rows={2}
          placeholder="The firm’s own words are used when this is empty"
          value={typed.note}
          error={errors?.note}
        />
        <SentForMatter sent={panel.sent} />
      </EmbedBody>
      <EmbedFoot>
        <Accounts {...props} />
        <Button kind="primary" wide icon="send" name="delivery" value="email">
          {chosen ? `Send to ${chosen.name}` : "Send"}
        </Button>
        <Button wide name="delivery" value="copy">
          Copy link instead
        </Button>
      </EmbedFoot>
    </PostForm>
  );
}

/** What was sent, each with its link to copy. */
export function PanelDoneView(props: { matterId: string; links: readonly AddressedLinkRow[] }): JSX.Element {
  const emailed = props.links.some(({ link }) => link.send_count > 0);
  const payer = props.links[0]?.link.payer_name ?? "the payer";
  return (
    <EmbedBody>
      <Notice tone="good" title={emailed ? `On the way to ${payer}.` : "The link is made."} role="status">
        {props.links.length > 1 ? "Two accounts, so there are two links. " : ""}
        {emailed ? "You can copy the link as well." : "Copy it to the payer."}
      </Notice>
      <Stack gap="l">
        {props.links.map((each) => (
          <section class="panel">
            <div class="panel-body stack">
              <LinkSummary {...each} />
            </div>
          </section>
        ))}
        <ButtonLink href={`/embed/matters/${props.matterId}`} wide>
          Back to the matter
        </ButtonLink>
      </Stack>
    </EmbedBody>
  );
}

/** All invoices ticked; a trust request is asked for on purpose only. */
export function freshTyped(panel: Panel): PanelTyped {
  const invoices = panel.statements.filter((statement) => statement.kind === "invoice");
  const ticked = invoices.length > 0 ? invoices : panel.statements;
  return {
    items: ticked.map((statement) => statement.id),
    amount: formatDecimal(sumMinor(ticked.map((statement) => statement.balanceMinor))),
    payer: panel.payers[0]?.id ?? "other",
    otherName: "",
    otherEmail: "",
    note: "",
  };
}

function Statements(props: PanelViewProps & { items: readonly string[] }): JSX.Element {
  const { panel, errors } = props;
  return (
    <fieldset id="items">
      <legend>
        <h2>Open statements</h2>
      </legend>
      <p class="fine-print">{readWords(props)}</p>
      {errors?.items ? <p class="error">{errors.items}</p> : null}
      <StatementChoices
        name="item"
        statements={panel.statements.map((statement) => {
          const age = ageWords(statement.dueOn, props.today);
          const due = statement.dueOn === null ? "No due date" : `Due ${formatShortDay(statement.dueOn)}`;
          const kind = statement.kind === "trust_request" ? "Trust request. " : "";
          return {
            value: statement.id,
            number: statement.number,
            detail: `${kind}${[due, age].filter((part) => part !== undefined).join(", ")}`,
            balance: { minor: statement.balanceMinor, currency: statement.currency },
            ...(statement.balanceMinor < statement.totalMinor
              ? { total: { minor: statement.totalMinor, currency: statement.currency } }
              : {}),
            checked: props.items.includes(statement.id),
          };
        })}
      />
    </fieldset>
  );
}

/** Where the money would go, for each kind that is open on the matter. */
function Accounts({ panel }: PanelViewProps): JSX.Element {
  const kinds = [...new Set(panel.statements.map(accountKindOf))].toSorted();
  return (
    <>
      <Cluster>
        {kinds.map((kind) => (
          <AccountBadge kind={kind} last4={panel.accounts[kind]} />
        ))}
      </Cluster>
      {kinds.length > 1 ? (
        <p class="fine-print">Trust requests make a link of their own: one email, two links.</p>
      ) : null}
    </>
  );
}

function SentForMatter({ sent }: { sent: readonly LinkRow[] }): JSX.Element | null {
  if (sent.length === 0) return null;
  return (
    <Details box summary="Sent for this matter" detail={`${sent.length} in the last ${SENT_DAYS} days`}>
      {sent.map((link) => (
        <p>
          <a href={`/links/${link.id}`} target="_blank" rel="noopener">
            {`${formatMoney({ minor: link.amount_minor, currency: link.currency })}, ${formatShortDay(dayOf(link.created_at, "UTC"))}`}
          </a>{" "}
          <LinkTag state={link.state} />
        </p>
      ))}
    </Details>
  );
}

function payerOptions(panel: Panel) {
  const known = panel.payers.map((payer) => ({
    value: payer.id,
    label: payer.email === null ? payer.name : `${payer.name}, ${payer.email}`,
  }));
  return [...known, { value: "other", label: "Somebody else" }];
}

function readWords({ panel, now }: PanelViewProps): string {
  const read = panel.readAt === null ? "not yet" : formatAgo(panel.readAt, now);
  const trust = panel.matter.trustBalanceMinor;
  const currency = panel.statements[0]?.currency ?? "USD";
  return [
    `Read from ${panel.system} ${read}.`,
    trust === null ? "" : `Trust balance ${formatMoney({ minor: trust, currency })}.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}
