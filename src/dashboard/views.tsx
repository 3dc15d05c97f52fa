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

function tilesOf({ dashboard, currency }: DashboardProps): Tile[] {
  const week = dashboard.weeks.at(-1);
  const open = dashboard.outstanding.find((sum) => sum.currency === currency);
  const others = dashboard.outstanding.filter((sum) => sum.currency !== currency);
  const tiles: Tile[] = [
    {
      name: "Outstanding",
      figure: <MoneyHeadline money={{ minor: open?.amountMinor ?? 0n, currency }} />,
      detail: (
        <>
          <a href={OPEN_LINKS}>{linkCount(open?.count ?? 0)}</a>
          {`, ${formatCount(open?.pastDue ?? 0)} past due`}
          {others.map((sum) => `, and ${formatMoney({ minor: sum.amountMinor, currency: sum.currency })}`)}
        </>
      ),
    },
    {
      name: "Received this week",
      figure: <MoneyHeadline money={{ minor: week?.receivedMinor ?? 0n, currency }} />,
      detail: paymentCount(week?.receivedCount ?? 0),
    },
  ];
  const { postings } = dashboard;
  if (postings) {
    tiles.push({
      name: "To post",
      figure: formatCount(postings.waiting + postings.attention),
      detail: (
        <>
          <a href="/postings?tab=needs-attention">{`${formatCount(postings.attention)} need attention`}</a>
          {`, ${formatCount(postings.waiting)} ready or on their way`}
        </>
      ),
    });
  }
  return tiles;
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
