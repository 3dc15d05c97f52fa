import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Explanation, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Breadcrumb, PageHeader, Stack } from "../ui/layout.tsx";
import { MoneyInput } from "../ui/money.tsx";
import { type FieldErrors, Notice } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { PostingTag } from "../ui/tags.tsx";
import { withBack } from "./back.ts";
import { placeWords } from "./lay-view.tsx";
import { REST_FIELD, shareField } from "./reallocate.ts";
import type { Target } from "./target-queries.ts";

export type PartsProps = {
  postingId: string;
  payment: { reference: string; payerName: string; amountMinor: bigint; currency: string };
  /** What may be laid anew, in minor units. */
  openMinor: bigint;
  /** The parts that stay as they are, and why. */
  fixed: readonly {
    title: string;
    amountMinor: bigint;
    state: "needs_attention" | "ready" | "posting" | "posted" | "set_aside";
    why: string;
  }[];
  /** Statements that may take a share: those that have one, then what is suggested or was searched for. */
  offers: readonly { target: Target; why: string; typed: string }[];
  values: { search: string; rest: string };
  /** The page on which the reallocation was asked for. */
  back: string;
  errors: FieldErrors | undefined;
};

/** The page that divides what is not written of a payment between statements. The amounts must add up. */
export function PartsPage(props: PartsProps): JSX.Element {
  const { payment, errors, values } = props;
  const path = withBack(`/postings/${props.postingId}/parts`, props.back);
  const money = (minor: bigint) => formatMoney({ minor, currency: payment.currency });
  return (
    <Stack gap="l">
      <div>
        <Breadcrumb crumbs={[{ label: "Manage Postings", href: props.back }, { label: payment.reference }]} />
        <PageHeader
          title="Reallocate the payment"
          detail={`${money(payment.amountMinor)} from ${payment.payerName}. ${money(props.openMinor)} of it can be laid anew; the amounts below must add up to it.`}
        />
      </div>
      {props.fixed.length > 0 ? <FixedParts {...props} /> : null}
      <PostForm action={path} class="stack" gap="l">
        <TextField
          name="q"
          type="search"
          label="Find more open statements"
          hint="A number, a matter or a client. What you typed below stays."
          value={values.search}
        />
        <div>
          <Button size="s" name="find" value="on">
            Find
          </Button>
        </div>
        <DataTable label="Shares of the payment">
          <TableHead>
            <Th>Statement</Th>
            <Th>Why it is here</Th>
            <Th num>Open</Th>
            <Th num>Share</Th>
          </TableHead>
          <TableBody>
            {props.offers.map((offer) => (
              <OfferRow offer={offer} currency={payment.currency} errors={errors} />
            ))}
            <Row>
              <RowHead note="It waits in Needs attention for a statement.">No statement yet</RowHead>
              <Td />
              <Td />
              <ShareCell
                name={REST_FIELD}
                label="Amount without a statement"
                currency={payment.currency}
                value={values.rest}
                error={errors?.[REST_FIELD]}
              />
            </Row>
          </TableBody>
        </DataTable>
        <ActionBar words="Nothing that is written changes. The matter system decides whether a statement takes its share.">
          <ButtonLink href={props.back}>Back</ButtonLink>
          <Button kind="primary">Reallocate</Button>
        </ActionBar>
      </PostForm>
    </Stack>
  );
}

function FixedParts({ fixed, payment }: PartsProps): JSX.Element {
  return (
    <Stack>
      <Notice tone="info" title="These parts stay as they are.">
        What is written must be taken back before it can go elsewhere.
      </Notice>
      <DataTable label="Parts that stay">
        <TableHead>
          <Th>Part</Th>
          <Th>Why it stays</Th>
          <Th num>Amount</Th>
          <Th>State</Th>
        </TableHead>
        <TableBody>
          {fixed.map((part) => (
            <Row>
              <RowHead>{part.title}</RowHead>
              <Td label="Why it stays">{part.why}</Td>
              <Td label="Amount" amount>
                {formatMoney({ minor: part.amountMinor, currency: payment.currency })}
              </Td>
              <Td label="State">
                <PostingTag state={part.state} />
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
    </Stack>
  );
}

function OfferRow(props: {
  offer: PartsProps["offers"][number];
  currency: string;
  errors: FieldErrors | undefined;
}): JSX.Element {
  const { target, why, typed } = props.offer;
  const name = shareField(target.statementId);
  return (
    <Row>
      <RowHead note={placeWords(target)}>{target.number}</RowHead>
      <Td label="Why it is here">{why}</Td>
      <Td label="Open" num>
        {formatMoney({ minor: target.balanceMinor, currency: target.currency })}
      </Td>
      <ShareCell
        name={name}
        label={`Amount for ${target.number}`}
        currency={props.currency}
        value={typed}
        error={props.errors?.[name]}
      />
    </Row>
  );
}

function ShareCell(props: {
  name: string;
  label: string;
  currency: string;
  value: string;
  error: string | undefined;
}): JSX.Element {
  return (
    <Td label="Share" num>
      <div class="field" data-invalid={props.error ? "" : undefined}>
        <MoneyInput
          name={props.name}
          label={props.label}
          currency={props.currency}
          value={props.value}
          size="s"
          invalid={props.error !== undefined}
          describedBy={props.error ? `${props.name}-error` : undefined}
        />
        <Explanation id={props.name} error={props.error} />
      </div>
    </Td>
  );
}
