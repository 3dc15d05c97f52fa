import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { SelectField } from "../ui/fields.tsx";
import { Breadcrumb, PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { Totals } from "../ui/lists.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { PAGE } from "./filter.ts";
import { type AccountChoice, accountLabel } from "./list-view.tsx";
import { lineReason, type Pack, packTies } from "./pack.ts";
import { PeriodForm } from "./period-form-view.tsx";
import type { Period } from "./trust-queries.ts";
import { KIND_WORDS } from "./words.ts";

const RECONCILIATION = `${PAGE}/reconciliation`;

type PackProps = {
  /** Undefined while the firm has no account. */
  pack: Pack | undefined;
  currency: string;
  period: Period;
  accountId: string | undefined;
  accounts: readonly AccountChoice[];
  errors?: FieldErrors | undefined;
  typed?: { from: string; to: string } | undefined;
};

/** Three-way reconciliation: the bank, our books and the matter system over the deposits of a period. */
export function PackView(props: PackProps): JSX.Element {
  const { pack } = props;
  const crumbs = [{ label: "Deposits", href: PAGE }, { label: "Three-way reconciliation" }];
  return (
    <>
      <Breadcrumb crumbs={crumbs} />
      <PageHeader
        title="Three-way reconciliation"
        detail="What the bank received, what our books say, and what stands in the matter system, for the deposits of one account in one period."
        actions={
          pack ? (
            <ButtonLink kind="primary" icon="download" href={packHref(props)}>
              Download the pack
            </ButtonLink>
          ) : undefined
        }
      />
      <Stack gap="l">
        <ScopeForm {...props} />
        {pack ? <Verdict {...props} pack={pack} /> : <NoAccount />}
        {pack && pack.deposits.length > 0 ? <Sides {...props} pack={pack} /> : null}
        {pack && pack.differing.length > 0 ? <Differing {...props} pack={pack} /> : null}
      </Stack>
    </>
  );
}

function packHref(props: Pick<PackProps, "period" | "accountId">): string {
  return `${RECONCILIATION}.xlsx?${new URLSearchParams({ ...props.period, account: props.accountId ?? "" })}`;
}

function ScopeForm(props: PackProps): JSX.Element {
  const options = props.accounts.map((account) => ({ value: account.id, label: accountLabel(account) }));
  return (
    <PeriodForm
      action={RECONCILIATION}
      labels={{ from: "Arrived from", to: "Arrived until" }}
      period={props.period}
      typed={props.typed}
      errors={props.errors}
    >
      <SelectField name="account" label="Account" options={options} value={props.accountId ?? ""} />
    </PeriodForm>
  );
}

function NoAccount(): JSX.Element {
  return (
    <EmptyState icon="bank" title="No account yet">
      Deposits are reconciled as soon as the firm has an account that takes payments.
    </EmptyState>
  );
}

function Verdict({ pack, currency }: PackProps & { pack: Pack }): JSX.Element {
  const { total } = pack;
  const money = (minor: bigint) => formatMoney({ minor, currency });
  const waiting =
    pack.waiting.count === 0
      ? null
      : ` ${formatCount(pack.waiting.count)} ${pack.waiting.count === 1 ? "payment" : "payments"} received in these days, ${money(pack.waiting.amountMinor)}, ${pack.waiting.count === 1 ? "is" : "are"} not deposited yet.`;
  if (pack.deposits.length === 0)
    return (
      <Notice tone="info" title="No deposit arrived in these days.">
        {waiting}
      </Notice>
    );
  if (packTies(pack))
    return (
      <Notice tone="good" title={`All three sides tie to the cent: ${money(total.bankMinor)}.`}>
        {waiting}
      </Notice>
    );
  const parts = [
    total.bankDifferenceMinor === 0n
      ? undefined
      : `The bank and our books differ by ${money(total.bankDifferenceMinor)}.`,
    total.postedDifferenceMinor === 0n
      ? undefined
      : `Our books and the matter system differ by ${money(total.postedDifferenceMinor)}.`,
    total.untold === 0
      ? undefined
      : `Of ${total.untold === 1 ? "1 deposit" : `${formatCount(total.untold)} deposits`} the contents are not told.`,
    total.differing === 0
      ? undefined
      : total.differing === 1
        ? "1 line differs."
        : `${formatCount(total.differing)} lines differ.`,
  ];
  const entries = total.disagreeing === 1 ? "1 entry" : `${formatCount(total.disagreeing)} entries`;
  return (
    <Notice tone="bad" title="It does not tie.">
      {parts.filter((part) => part !== undefined).join(" ")}
      {total.disagreeing === 0 ? null : (
        <>
          {" The matter system shows "}
          <a href={`${PAGE}/differences`}>{`${entries} otherwise`}</a>
          {" than written."}
        </>
      )}
      {waiting}
    </Notice>
  );
}

function Sides({ pack, currency }: PackProps & { pack: Pack }): JSX.Element {
  const { total } = pack;
  const amount = (minor: bigint) => ({ minor, currency });
  const fees = pack.kinds.reduce((sum, kind) => sum + kind.feeMinor, 0n);
  return (
    <Split>
      <Panel
        id="bank"
        title="Bank and our books"
        foot={
          <Totals
            lines={[{ name: "By our books", amount: amount(total.oursMinor) }]}
            total={{ name: "Bank less our books", amount: amount(total.bankDifferenceMinor) }}
          />
        }
      >
        <Totals
          lines={[
            ...pack.kinds.map((kind) => ({
              name: `${KIND_WORDS[kind.kind].many} (${formatCount(kind.lines)})`,
              amount: amount(kind.grossMinor),
            })),
            { name: "Fees taken from these", amount: amount(-fees) },
          ]}
          total={{
            name:
              pack.deposits.length === 1
                ? "1 deposit at the bank"
                : `${formatCount(pack.deposits.length)} deposits at the bank`,
            amount: amount(total.bankMinor),
          }}
        />
      </Panel>
      <Panel id="system" title="Our books and the matter system" companion>
        <Totals
          lines={[
            { name: "To be posted", amount: amount(total.toPostMinor) },
            { name: "Posted", amount: amount(total.postedMinor) },
          ]}
          total={{ name: "Not posted", amount: amount(total.postedDifferenceMinor) }}
        />
      </Panel>
    </Split>
  );
}

function Differing({ pack, currency }: PackProps & { pack: Pack }): JSX.Element {
  const money = (minor: bigint) => formatMoney({ minor, currency });
  const more = pack.total.differing - pack.differing.length;
  return (
    <Section id="differing" title="Lines that differ">
      <DataTable label="Lines that differ">
        <TableHead>
          <Th>Line</Th>
          <Th>Deposit</Th>
          <Th num>At the bank, net</Th>
          <Th num>By our books, net</Th>
          <Th num>Gross</Th>
          <Th num>Posted</Th>
        </TableHead>
        <TableBody>
          {pack.differing.map((line) => (
            <Row>
              <RowHead note={lineReason(line)}>
                {`${KIND_WORDS[line.kind].one}${line.payerName === null ? "" : `, ${line.payerName}`}`}
              </RowHead>
              <Td label="Deposit">
                <a href={`${PAGE}/${line.depositId}`}>{line.depositReference}</a>
              </Td>
              <Td label="At the bank, net" num>
                {money(line.net_minor)}
              </Td>
              <Td label="By our books, net" num>
                {money(line.oursMinor)}
              </Td>
              <Td label="Gross" num>
                {money(line.gross_minor)}
              </Td>
              <Td label="Posted" num>
                {line.postedMinor === null ? "Nothing to post" : money(line.postedMinor)}
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
      {more > 0 ? <Notice>{`${formatCount(more)} more are in the pack.`}</Notice> : null}
      {pack.notArrived.length > 0 ? (
        <Notice tone="warn" title="Deposits that did not reach the bank:">
          {pack.notArrived
            .map((deposit) => `${deposit.reference} of ${formatShortDay(deposit.arrives_on)}`)
            .join(", ")}
        </Notice>
      ) : null}
    </Section>
  );
}
