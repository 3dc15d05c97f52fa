import type { JSX } from "hono/jsx/jsx-runtime";
import { formatLongDay } from "../base/day.ts";
import { formatMoney, sumMinor } from "../base/money.ts";
import { may, type Role } from "../base/permission.ts";
import { sentHref } from "../links/list-address.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { Totals } from "../ui/lists.tsx";
import { MoneyHeadline } from "../ui/money.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Ageing, type Tile, Tiles } from "../ui/work.tsx";
import { linkCount, paymentCount, ReceivedLink, RequestedLink, WeeksSection } from "./chart-view.tsx";
import type { Sums } from "./figure-queries.ts";
import { FirstLoadPanel } from "./first-load-view.tsx";
import type { WorkKind } from "./kinds.ts";
import { firstTimeTile, paceTile } from "./pace-view.tsx";
import { type Dashboard, PAST_DUE } from "./read-dashboard.ts";
import type { Week } from "./weeks.ts";
import { amountsOf, countLinks, countWork } from "./work.ts";
import { WorkSection } from "./work-view.tsx";

const AGES = ["0–30 days", "31–60 days", "61–90 days", "91 days and over"] as const;

export type DashboardProps = {
  dashboard: Dashboard;
  role: Role;
  /** The firm's own day and currency. */
  today: string;
  currency: string;
  /** The kind of work that is looked at alone. */
  kind: WorkKind | undefined;
};

/** Today: what needs a person first, then the figures. */
export function DashboardView(props: DashboardProps): JSX.Element {
  const { dashboard, role, today } = props;
  const count = Object.values(countWork(dashboard)).reduce((sum, each) => sum + each, 0);
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
          <>
            {may(role, "links.send") ? (
              <ButtonLink icon="bolt" href="/quick">
                Quick Link
              </ButtonLink>
            ) : null}
            {dashboard.hasConnection ? (
              <ButtonLink kind="primary" icon="folder" href="/matters">
                Request from a matter
              </ButtonLink>
            ) : null}
          </>
        }
      />
      <Stack gap="xl">
        {dashboard.hasConnection ? null : <NoConnection role={role} />}
        {dashboard.firstLoads.map((load) => (
          <FirstLoadPanel load={load} />
        ))}
        <Split>
          <WorkSection {...props} />
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
  const { dashboard } = props;
  return [
    outstandingTile(props),
    receivedTile(props),
    paceTile(dashboard),
    dashboard.postings ? firstTimeTile(dashboard, dashboard.postings) : requestedTile(props),
  ];
}

function receivedTile(props: DashboardProps): Tile {
  return weekTile(props, "Received this week", {
    minorOf: (week) => week.receivedMinor,
    link: (week) => <ReceivedLink week={week} words={paymentCount(week.receivedCount)} />,
  });
}

function requestedTile(props: DashboardProps): Tile {
  return weekTile(props, "Requested this week", {
    minorOf: (week) => week.requestedMinor,
    link: (week) => <RequestedLink week={week} words={linkCount(week.requestedCount)} />,
  });
}

function weekTile(
  { dashboard, currency }: DashboardProps,
  name: string,
  of: { minorOf: (week: Week) => bigint; link: (week: Week) => JSX.Element },
): Tile {
  const [last, current] = dashboard.weeks.slice(-2);
  const lastMinor = last ? of.minorOf(last) : 0n;
  return {
    name,
    figure: headline(current && of.minorOf(current), currency),
    detail: (
      <>
        {current ? of.link(current) : null}
        {`, ${formatMoney({ minor: lastMinor, currency })} last week`}
      </>
    ),
  };
}

function headline(minor: bigint | undefined, currency: string): JSX.Element {
  return <MoneyHeadline money={{ minor: minor ?? 0n, currency }} />;
}

function outstandingTile({ dashboard, currency }: DashboardProps): Tile {
  const others = dashboard.outstanding.filter((sum) => sum.currency !== currency);
  return {
    name: "Outstanding",
    figure: headline(amountIn(dashboard.outstanding, currency), currency),
    detail: (
      <>
        <a href={sentHref({ state: "outstanding" })}>{linkCount(countLinks(dashboard.outstanding))}</a>
        {", "}
        <a href={sentHref(PAST_DUE)}>{`${formatCount(countLinks(dashboard.pastDue))} past due`}</a>
        {others.length > 0 ? `, and ${amountsOf(others)}` : ""}
      </>
    ),
  };
}

function AgeingPanel({ dashboard, currency }: DashboardProps): JSX.Element {
  const total = sumMinor(dashboard.ageing.map(({ sums }) => amountIn(sums, currency)));
  const bars = dashboard.ageing.map(({ filter, sums }, index) => {
    const minor = amountIn(sums, currency);
    const others = sums.filter((sum) => sum.currency !== currency);
    return {
      label: AGES[index] ?? "",
      amount: formatMoney({ minor, currency }),
      href: sentHref(filter),
      detail: `${linkCount(countLinks(sums))}${others.length > 0 ? `, and ${amountsOf(others)}` : ""}`,
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

function amountIn(sums: Sums, currency: string): bigint {
  return sums.find((sum) => sum.currency === currency)?.amountMinor ?? 0n;
}
