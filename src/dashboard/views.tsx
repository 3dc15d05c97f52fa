import type { JSX } from "hono/jsx/jsx-runtime";
import { formatLongDay } from "../base/day.ts";
import { formatMoney, sumMinor } from "../base/money.ts";
import { may, type Role } from "../base/permission.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { Totals } from "../ui/lists.tsx";
import { MoneyHeadline } from "../ui/money.tsx";
import { EmptyState, Notice } from "../ui/notices.tsx";
import { Ageing, Queue, type Tile, Tiles } from "../ui/work.tsx";
import { WeeksSection } from "./chart-view.tsx";
import { FirstLoadPanel } from "./first-load-view.tsx";
import type { Dashboard } from "./read-dashboard.ts";
import { countWork, workOf } from "./work.ts";

const AGES = ["0–30 days", "31–60 days", "61–90 days", "91 days and over"] as const;
const OPEN_LINKS = "/sent?tab=outstanding";

export type DashboardProps = {
  dashboard: Dashboard;
  role: Role;
  /** The firm's own day and currency. */
  today: string;
  currency: string;
};

/** Today: what needs a person first, then the figures. */
export function DashboardView(props: DashboardProps): JSX.Element {
  const { dashboard, role, today } = props;
  const count = countWork(dashboard);
  const words =
    count === 0
      ? "Nothing needs a person."
      : count === 1
        ? "1 item needs a person."
        : `${formatCount(count)} items need a person.`;
  return (
    <>
      <PageHeader
        title="Today"
        detail={
          <>
            <time datetime={today}>{formatLongDay(today)}</time>. {words}
          </>
        }
        actions={
          dashboard.hasConnection ? (
            <ButtonLink kind="primary" icon="folder" href="/matters">
              Request from a matter
            </ButtonLink>
          ) : undefined
        }
      />
      <Stack gap="xl">
        {dashboard.hasConnection ? null : <NoConnection role={role} />}
        {dashboard.firstLoads.map((load) => (
          <FirstLoadPanel load={load} />
        ))}
        <Split>
          <Section id="queue" title="Needs a person" detail={<small class="soft">Most urgent first</small>}>
            {count === 0 ? (
              <Notice tone="good" title="All done.">
                Nothing waits for you.
              </Notice>
            ) : (
              <Queue items={workOf(dashboard, role)} />
            )}
          </Section>
          <AgeingPanel {...props} />
        </Split>
        <Section id="figures" title="Key figures" hideTitle>
          <Tiles tiles={tilesOf(props)} />
        </Section>
        <WeeksSection weeks={dashboard.weeks} currency={props.currency} />
      </Stack>
    </>
  );
}

function NoConnection({ role }: { role: Role }): JSX.Element {
  const canAuthorize = may(role, "connections.manage");
  return (
    <EmptyState
      icon="plug"
      id="no-connection"
      title={canAuthorize ? "Authorize your matter system" : "No matter system is connected yet"}
      actions={
        canAuthorize ? (
          <ButtonLink kind="primary" href="/settings/connections">
            Authorize your matter system
          </ButtonLink>
        ) : undefined
      }
    >
      {canAuthorize
        ? "Open statements are read from it, and payments are written back into it."
        : "Ask an administrator of your firm to authorize it. Open statements are then found here."}
    </EmptyState>
  );
}

function tilesOf(props: DashboardProps): Tile[] {
  const { dashboard, currency } = props;
  const [last, current] = dashboard.weeks.slice(-2);
  const amount = (minor: bigint | undefined) => formatMoney({ minor: minor ?? 0n, currency });
  const headline = (minor: bigint | undefined) => <MoneyHeadline money={{ minor: minor ?? 0n, currency }} />;
  const received = {
    name: "Received last week",
    figure: headline(last?.receivedMinor),
    detail: paymentCount(last?.receivedCount ?? 0),
  };
  return [
    outstandingTile(props),
    {
      name: "Requested this week",
      figure: headline(current?.requestedMinor),
      detail: `${amount(last?.requestedMinor)} last week`,
    },
    {
      name: "Received this week",
      figure: headline(current?.receivedMinor),
      detail: `${paymentCount(current?.receivedCount ?? 0)}, ${amount(last?.receivedMinor)} last week`,
    },
    dashboard.postings ? postingsTile(dashboard.postings) : received,
  ];
}

function outstandingTile({ dashboard, currency }: DashboardProps): Tile {
  const open = dashboard.outstanding.find((sum) => sum.currency === currency);
  const others = dashboard.outstanding.filter((sum) => sum.currency !== currency);
  return {
    name: "Outstanding",
    figure: <MoneyHeadline money={{ minor: open?.amountMinor ?? 0n, currency }} />,
    detail: (
      <>
        <a href={OPEN_LINKS}>{linkCount(open?.count ?? 0)}</a>
        {`, ${formatCount(open?.pastDue ?? 0)} past due`}
        {others.map((sum) => `, and ${formatMoney({ minor: sum.amountMinor, currency: sum.currency })}`)}
      </>
    ),
  };
}

function postingsTile(postings: NonNullable<Dashboard["postings"]>): Tile {
  const { attention, waiting } = postings;
  const words = attention === 1 ? "1 needs attention" : `${formatCount(attention)} need attention`;
  return {
    name: "To post",
    figure: formatCount(waiting + attention),
    detail: (
      <>
        <a href="/postings?tab=needs-attention">{words}</a>
        {`, ${formatCount(waiting)} ready or on their way`}
      </>
    ),
  };
}

function AgeingPanel({ dashboard, currency }: DashboardProps): JSX.Element {
  const total = sumMinor(dashboard.ageing.map((age) => age.amountMinor));
  const bars = AGES.map((label, bucket) => {
    const age = dashboard.ageing.find((each) => each.bucket === bucket);
    const minor = age?.amountMinor ?? 0n;
    return {
      label,
      amount: formatMoney({ minor, currency }),
      href: OPEN_LINKS,
      detail: linkCount(age?.count ?? 0),
      percent: total === 0n ? 0 : Number((minor * 1000n) / total) / 10,
    };
  });
  return (
    <Panel
      id="ageing"
      title="Outstanding by age"
      aside={<small class="soft">from the day of the request</small>}
      foot={<Totals lines={[]} total={{ name: "Total", amount: { minor: total, currency } }} />}
      companion
    >
      <Ageing bars={bars} />
    </Panel>
  );
}

function linkCount(count: number): string {
  return count === 1 ? "1 link" : `${formatCount(count)} links`;
}

function paymentCount(count: number): string {
  return count === 1 ? "1 payment" : `${formatCount(count)} payments`;
}
