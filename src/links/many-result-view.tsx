import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { Breadcrumb, PageHeader } from "../ui/layout.tsx";
import { formatCount, Pagination, Tabs } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { ProgressPanel } from "../ui/progress.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { Tag } from "../ui/tags.tsx";
import { nameOf } from "./columns-words.ts";
import type { Outcome } from "./many-outcome-queries.ts";
import type { Action, ItemState } from "./many-queries.ts";
import { links, VERB_WORDS } from "./many-words.ts";

const POLL_SECONDS = 2;
/** What is brought up to date together: the figures and the links. */
const FOLLOWS = "acting";

type ManyResultProps = {
  action: Action;
  counts: Readonly<Record<ItemState, number>>;
  outcomes: readonly Outcome[];
  show: ItemState;
  /** The position from which the next page goes on; undefined on the last. */
  next: number | undefined;
  /** When it was asked for, in the firm's time. */
  startedAt: string;
  startedBy: string;
  nonce: string;
};

/** What became of an action on many links, while it goes on and afterwards: link by link, with the reason where it was not done. */
export function ManyResultView(props: ManyResultProps): JSX.Element {
  const { action, counts } = props;
  const total = counts.done + counts.refused + counts.waiting;
  const settled = total - counts.waiting;
  const isOver = counts.waiting === 0;
  const words = VERB_WORDS[action.verb];
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Sent Pages", href: "/sent" }, { label: titleOf(props) }]} />
      <PageHeader
        title={titleOf(props)}
        detail={`${action.chosen}. ${props.startedAt}, ${props.startedBy}.${action.reason === null ? "" : ` Reason: ${action.reason}`}`}
        actions={<ButtonLink href="/sent">Open Sent Pages</ButtonLink>}
      />
      <div class="stack" data-gap="l" id={FOLLOWS}>
        <ProgressPanel
          id="progress"
          title={
            isOver
              ? `Done: ${formatCount(settled)} of ${formatCount(total)}`
              : `${words.doing}: ${formatCount(settled)} of ${formatCount(total)}`
          }
          value={settled}
          max={Math.max(1, total)}
          counts={
            <>
              <span>{words.done(counts.done)}</span>
              {counts.refused > 0 ? <span>{`${links(counts.refused)} left as before`}</span> : null}
              {counts.waiting > 0 ? <span>{`${links(counts.waiting)} to go`}</span> : null}
            </>
          }
          foot={isOver ? undefined : "You can leave this page; the work goes on. Nothing is done twice."}
          poll={
            isOver
              ? undefined
              : {
                  href: `/sent/many/${action.id}?show=${props.show}`,
                  nonce: props.nonce,
                  everySeconds: POLL_SECONDS,
                  target: `#${FOLLOWS}`,
                }
          }
        />
        <div>
          <Tabs label="Outcome" tabs={tabsOf(props)} />
          {props.outcomes.length === 0 ? (
            <EmptyState icon="check" title="No links here" id="none" />
          ) : (
            <Outcomes {...props} />
          )}
        </div>
      </div>
    </>
  );
}

function titleOf({ action, counts }: ManyResultProps): string {
  const words = VERB_WORDS[action.verb];
  return counts.waiting > 0 ? words.doing : words.done(counts.done);
}

function tabsOf({ action, counts, show }: ManyResultProps) {
  const tabs: [ItemState, string][] = [
    ["refused", "Not done"],
    ["done", "Done"],
    ["waiting", "To go"],
  ];
  return tabs
    .filter(([state]) => state !== "waiting" || counts.waiting > 0)
    .map(([state, label]) => ({
      label,
      href: `/sent/many/${action.id}?show=${state}`,
      current: show === state,
      count: counts[state],
      tone: state === "refused" && counts.refused > 0 ? ("bad" as const) : undefined,
    }));
}

function Outcomes({ action, outcomes, show, next }: ManyResultProps): JSX.Element {
  return (
    <>
      <DataTable label="Outcome by link">
        <TableHead>
          <Th>Client and matter</Th>
          <Th>Reference</Th>
          <Th num>Amount</Th>
          <Th>Outcome</Th>
        </TableHead>
        <TableBody>
          {outcomes.map((outcome) => (
            <Row>
              <RowHead href={`/links/${outcome.linkId}`} note={outcome.matterLabel}>
                {nameOf(outcome)}
              </RowHead>
              <Td label="Reference" nowrap>
                {outcome.reference}
              </Td>
              <Td label="Amount" amount>
                {formatMoney({ minor: outcome.amountMinor, currency: outcome.currency })}
              </Td>
              <Td label="Outcome">
                <OutcomeCell action={action} outcome={outcome} />
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
      <Pagination
        next={next === undefined ? undefined : `/sent/many/${action.id}?show=${show}&after=${next}`}
      />
    </>
  );
}

function OutcomeCell({ action, outcome }: { action: Action; outcome: Outcome }): JSX.Element {
  if (outcome.state === "waiting") return <Tag icon="s-wait">To go</Tag>;
  if (outcome.state === "done") {
    return (
      <Tag icon="s-done" tone="good">
        {doneWord(action)}
      </Tag>
    );
  }
  return (
    <span>
      <Tag icon="s-alert" tone="warn">
        Left as before
      </Tag>
      <small>{outcome.reason}</small>
    </span>
  );
}

function doneWord(action: Action): string {
  switch (action.verb) {
    case "remind":
      return "Reminder asked for";
    case "resend":
      return "Sent again";
    case "cancel":
      return "Cancelled";
    case "extend":
      return action.expires_on === null
        ? `Extended by ${action.extend_days === 1 ? "1 day" : `${action.extend_days} days`}`
        : `Extended to ${formatShortDay(action.expires_on)}`;
  }
}
