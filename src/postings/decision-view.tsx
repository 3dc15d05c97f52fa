import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { TextAreaField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Breadcrumb, PageHeader, Panel, Stack } from "../ui/layout.tsx";
import { KeyValues } from "../ui/lists.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { withBack } from "./back.ts";
import type { PostingLine } from "./line-queries.ts";
import { type LineFacts, statementWords } from "./line-view.tsx";

/** The head of a page that decides about one posting. */
export function DecisionHead(props: {
  title: string;
  posting: PostingLine;
  payerName: string;
  back: string;
}): JSX.Element {
  const { posting } = props;
  const amount = formatMoney({ minor: posting.amount_minor, currency: posting.currency });
  return (
    <div>
      <Breadcrumb crumbs={[{ label: "Manage Postings", href: props.back }, { label: posting.reference }]} />
      <PageHeader
        title={props.title}
        detail={[`${amount} from ${props.payerName}`, statementWords(posting)].filter(Boolean).join(", ")}
      />
    </div>
  );
}

type DecisionProps = {
  line: LineFacts;
  payerName: string;
  /** The page on which the decision was asked for. */
  back: string;
  errors: FieldErrors | undefined;
};

/** The page that takes a bookkeeper's word that the entry stands in the matter system. */
export function MarkPage(
  props: DecisionProps & { values: { number: string; postedOn: string } },
): JSX.Element {
  const { line, values, errors } = props;
  const { posting } = line;
  const system = line.system ?? "the matter system";
  return (
    <Stack gap="l">
      <DecisionHead
        title="Mark as posted by hand"
        posting={posting}
        payerName={props.payerName}
        back={props.back}
      />
      <KeyValues
        facts={[
          {
            name: posting.is_undone ? "Amount" : "Enter",
            value: formatMoney({ minor: posting.amount_minor, currency: posting.currency }),
          },
          { name: "On", value: statementWords(posting) },
          { name: "Of matter", value: posting.matterNumber ?? undefined },
          { name: "Reference", value: <code>{posting.reference}</code> },
        ]}
      />
      <PostForm action={withBack(`/postings/${posting.id}/by-hand`, props.back)} class="stack" gap="l">
        <TextField
          name="number"
          label={`Number of the entry in ${system}`}
          hint="So that it can be found there again."
          value={values.number}
          error={errors?.number}
        />
        <TextField
          name="postedOn"
          type="date"
          label="Date of the entry"
          value={values.postedOn}
          error={errors?.postedOn}
        />
        <Decide back={props.back} confirm="Mark as posted" />
      </PostForm>
    </Stack>
  );
}

/** The page that takes the reason for setting a posting aside. */
export function SetAsidePage(props: DecisionProps & { reason: string }): JSX.Element {
  const { posting } = props.line;
  return (
    <Stack gap="l">
      <DecisionHead title="Set aside" posting={posting} payerName={props.payerName} back={props.back} />
      <PostForm action={withBack(`/postings/${posting.id}/set-aside`, props.back)} class="stack" gap="l">
        <TextAreaField
          name="reason"
          label="Reason"
          hint="It stays on record. The posting is not written until somebody puts it back."
          value={props.reason}
          rows={3}
          error={props.errors?.reason}
        />
        <Decide back={props.back} confirm="Set aside" />
      </PostForm>
    </Stack>
  );
}

/** The page that keeps money with the firm while nobody knows what it is for. */
export function HoldPage(props: DecisionProps & { reason: string }): JSX.Element {
  const { posting } = props.line;
  return (
    <Stack gap="l">
      <DecisionHead
        title="Hold as unapplied"
        posting={posting}
        payerName={props.payerName}
        back={props.back}
      />
      <p>
        The money stays with the firm and on no statement. It stands under Set aside with a count of its own,
        until somebody takes it up again.
      </p>
      <PostForm action={withBack(`/postings/${posting.id}/hold`, props.back)} class="stack" gap="l">
        <TextAreaField
          name="reason"
          label="Reason"
          hint="It stays on record: for example what the client was asked, and when."
          value={props.reason}
          rows={3}
          error={props.errors?.reason}
        />
        <Decide back={props.back} confirm="Hold as unapplied" />
      </PostForm>
    </Stack>
  );
}

/** The page that takes one reason for setting several postings aside. */
export function SetAsideManyPage(props: {
  lines: readonly PostingLine[];
  paymentIds: readonly string[];
  reason: string;
  back: string;
  errors: FieldErrors | undefined;
}): JSX.Element {
  const count = props.lines.length === 1 ? "1 posting" : `${props.lines.length} postings`;
  return (
    <Stack gap="l">
      <div>
        <Breadcrumb crumbs={[{ label: "Manage Postings", href: props.back }, { label: "Set aside" }]} />
        <PageHeader title={`Set ${count} aside`} detail="What is posted already stays as it is." />
      </div>
      <DataTable label="Postings to set aside">
        <TableHead>
          <Th>Posting</Th>
          <Th>For</Th>
          <Th num>Amount</Th>
        </TableHead>
        <TableBody>
          {props.lines.map((posting) => (
            <Row>
              <RowHead>{posting.reference}</RowHead>
              <Td label="For">{statementWords(posting) ?? "No statement yet"}</Td>
              <Td label="Amount" amount>
                {formatMoney({ minor: posting.amount_minor, currency: posting.currency })}
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
      <PostForm action={withBack("/postings/set-aside", props.back)} class="stack" gap="l">
        {props.paymentIds.map((id) => (
          <input type="hidden" name="payment" value={id} />
        ))}
        <TextAreaField
          name="reason"
          label="Reason"
          hint="One for all. It stays on record."
          value={props.reason}
          rows={3}
          error={props.errors?.reason}
        />
        <Decide back={props.back} confirm={`Set ${count} aside`} />
      </PostForm>
    </Stack>
  );
}

/** The question about a posting whose outcome is unknown, where only a person can look: both answers. */
export function AbsentPage(props: Omit<DecisionProps, "errors">): JSX.Element {
  const { posting } = props.line;
  const system = props.line.system ?? "the matter system";
  const amount = formatMoney({ minor: posting.amount_minor, currency: posting.currency });
  const place = statementWords(posting) ?? "its statement";
  return (
    <Stack gap="l">
      <DecisionHead
        title={`Is it in ${system}?`}
        posting={posting}
        payerName={props.payerName}
        back={props.back}
      />
      <p>
        {`The answer of ${system} to this entry was lost, and we cannot look there ourselves. Look for an entry of ${amount} on ${place} with the reference `}
        <code>{posting.reference}</code>
        {"."}
      </p>
      <Panel id="there" title="It is there">
        <p>Tell us its number and date. Nothing is written again.</p>
        <div>
          <ButtonLink href={withBack(`/postings/${posting.id}/by-hand`, props.back)}>It is there</ButtonLink>
        </div>
      </Panel>
      <Panel id="not-there" title="It is not there">
        <p>We write it again. If it is there all the same, the payment is entered twice.</p>
        <PostForm action={withBack(`/postings/${posting.id}/absent`, props.back)}>
          <Button kind="danger">It is not there: write it again</Button>
        </PostForm>
      </Panel>
      <ActionBar>
        <ButtonLink href={props.back}>Back</ButtonLink>
      </ActionBar>
    </Stack>
  );
}

function Decide(props: { back: string; confirm: string }): JSX.Element {
  return (
    <ActionBar>
      <ButtonLink href={props.back}>Back</ButtonLink>
      <Button kind="primary">{props.confirm}</Button>
    </ActionBar>
  );
}
