import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { TextAreaField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Breadcrumb, PageHeader, Stack } from "../ui/layout.tsx";
import { KeyValues } from "../ui/lists.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import type { PostingLine } from "./line-queries.ts";
import { type LineFacts, statementWords } from "./line-view.tsx";

/** The head of a page that decides about one posting. */
export function DecisionHead(props: { title: string; posting: PostingLine; payerName: string }): JSX.Element {
  const { posting } = props;
  const amount = formatMoney({ minor: posting.amount_minor, currency: posting.currency });
  return (
    <div>
      <Breadcrumb crumbs={[{ label: "Manage Postings", href: "/postings" }, { label: posting.reference }]} />
      <PageHeader
        title={props.title}
        detail={[`${amount} from ${props.payerName}`, statementWords(posting)].filter(Boolean).join(", ")}
      />
    </div>
  );
}

type DecisionProps = { line: LineFacts; payerName: string; errors: FieldErrors | undefined };

/** The page that takes a bookkeeper's word that the entry stands in the matter system. */
export function MarkPage(
  props: DecisionProps & { values: { number: string; postedOn: string } },
): JSX.Element {
  const { line, values, errors } = props;
  const { posting } = line;
  const system = line.system ?? "the matter system";
  return (
    <Stack gap="l">
      <DecisionHead title="Mark as posted by hand" posting={posting} payerName={props.payerName} />
      <KeyValues
        facts={[
          { name: "Enter", value: formatMoney({ minor: posting.amount_minor, currency: posting.currency }) },
          { name: "On", value: statementWords(posting) },
          { name: "Of matter", value: posting.matterNumber ?? undefined },
          { name: "Reference", value: <code>{posting.reference}</code> },
        ]}
      />
      <PostForm action={`/postings/${posting.id}/by-hand`} class="stack" gap="l">
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
        <Decide back="Back" confirm="Mark as posted" />
      </PostForm>
    </Stack>
  );
}

/** The page that takes the reason for setting a posting aside. */
export function SetAsidePage(props: DecisionProps & { reason: string }): JSX.Element {
  const { posting } = props.line;
  return (
    <Stack gap="l">
      <DecisionHead title="Set aside" posting={posting} payerName={props.payerName} />
      <PostForm action={`/postings/${posting.id}/set-aside`} class="stack" gap="l">
        <TextAreaField
          name="reason"
          label="Reason"
          hint="It stays on record. The posting is not written until somebody puts it back."
          value={props.reason}
          rows={3}
          error={props.errors?.reason}
        />
        <Decide back="Back" confirm="Set aside" />
      </PostForm>
    </Stack>
  );
}

/** The question before a posting whose outcome is unknown is written again, where only a person can look. */
export function AbsentPage(props: Pick<DecisionProps, "line" | "payerName">): JSX.Element {
  const { posting } = props.line;
  const system = props.line.system ?? "the matter system";
  return (
    <Stack gap="l">
      <DecisionHead title={`It is not in ${system}`} posting={posting} payerName={props.payerName} />
      <p>
        {`Look in ${system} for an entry with the reference `}
        <code>{posting.reference}</code>
        {`, or for this amount on this statement. If it is there, mark the posting as posted by hand: writing it again would enter the payment twice.`}
      </p>
      <PostForm action={`/postings/${posting.id}/absent`}>
        <Decide back="Back" confirm="It is not there: post it again" danger />
      </PostForm>
    </Stack>
  );
}

function Decide(props: { back: string; confirm: string; danger?: boolean }): JSX.Element {
  return (
    <ActionBar>
      <ButtonLink href="/postings">{props.back}</ButtonLink>
      <Button kind={props.danger ? "danger" : "primary"}>{props.confirm}</Button>
    </ActionBar>
  );
}
