import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant, formatShortDay } from "../base/day.ts";
import { PostForm } from "../ui/form.tsx";
import { Breadcrumb, Cluster, PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { KeyValues, Timeline, type TimelineEntry } from "../ui/lists.tsx";
import { Notice } from "../ui/notices.tsx";
import { AccountBadge, PostingTag } from "../ui/tags.tsx";
import { titleOf } from "./group-view.tsx";
import { FixButton, type LineFacts, lineTitle, signedAmount, tagOf } from "./line-view.tsx";
import type { PaymentGroup } from "./list-queries.ts";
import { problemTitle } from "./problem-words.ts";

export type PostingPageProps = {
  line: LineFacts;
  payment: PaymentGroup;
  history: readonly TimelineEntry[];
  /** Where the matter is in the matter system. */
  matterUrl: string | undefined;
  timeZone: string;
  mayManage: boolean;
};

const HOW_WORDS = { api: "By itself", file: "By file", hand: "By hand" } as const;

/** One posting: where it goes, what can be done about it, and who did what. */
export function PostingPage(props: PostingPageProps): JSX.Element {
  const { line, payment } = props;
  const { posting } = line;
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Manage Postings", href: "/postings" }, { label: posting.reference }]} />
      <PageHeader
        title={`${signedAmount(posting)} from ${payment.payerName}`}
        tag={<PostingTag state={tagOf(posting)} />}
        detail={lineTitle(posting, titleOf(payment))}
      />
      <Split companion="narrow">
        <Stack gap="xl">
          <Situation {...props} />
          <Section id="history" title="History" detail="Newest first">
            <Timeline entries={props.history} />
          </Section>
        </Stack>
        <div class="companion stack">
          <Facts {...props} />
        </div>
      </Split>
    </>
  );
}

function Situation({ line, mayManage }: PostingPageProps): JSX.Element | null {
  const { posting } = line;
  const buttons = mayManage
    ? line.fixes.map((fix) => <FixButton fix={fix} posting={posting} back={`/postings/${posting.id}`} />)
    : [];
  const actions = buttons.length > 0 ? <Cluster>{buttons}</Cluster> : undefined;
  const isOpenProblem = posting.state === "needs_attention" && posting.problem !== null;
  if (!isOpenProblem && posting.state !== "set_aside" && actions === undefined) return null;
  const title = isOpenProblem
    ? problemTitle(posting)
    : posting.state === "set_aside"
      ? "Set aside."
      : "What can be done now:";
  const text = posting.state === "set_aside" ? posting.set_aside_reason : posting.problem_text;
  return (
    <PostForm action={`/postings/${posting.id}/release`}>
      <Notice
        tone={isOpenProblem && (posting.problem !== "unsupported" || posting.is_undone) ? "bad" : "info"}
        title={title}
        actions={actions}
      >
        {[text, posting.watch_note, line.hold?.reason].filter((part) => part).join(" ")}
      </Notice>
    </PostForm>
  );
}

function Facts({ line, payment, matterUrl, timeZone }: PostingPageProps): JSX.Element {
  const { posting } = line;
  const matter =
    posting.matterNumber === null ? undefined : `${posting.matterNumber} ${posting.matterDescription ?? ""}`;
  return (
    <Panel id="facts" title="Key facts">
      <KeyValues
        facts={[
          { name: "Payment", value: <a href={`/links/${payment.linkId}`}>{payment.reference}</a> },
          {
            name: "Received",
            value: payment.receivedAt ? formatInstant(payment.receivedAt, timeZone) : undefined,
          },
          { name: "Method", value: payment.methodLabel === "" ? undefined : payment.methodLabel },
          { name: "Account", value: <AccountBadge kind={payment.accountKind} last4={payment.last4} /> },
          { name: "Written to", value: line.system ?? "Not chosen yet" },
          {
            name: "Matter",
            value: matter && matterUrl ? <a href={matterUrl}>{matter}</a> : matter,
          },
          { name: "Reference", value: <code>{posting.reference}</code> },
          { name: "Number there", value: posting.external_id ?? undefined },
          {
            name: "Dated",
            value: posting.posted_on === null ? undefined : formatShortDay(posting.posted_on),
          },
          { name: "Posted", value: posting.posted_by === null ? undefined : HOW_WORDS[posting.posted_by] },
          {
            name: "Confirmed",
            value: posting.confirmed_at ? formatInstant(posting.confirmed_at, timeZone) : undefined,
          },
          { name: "Last decided by", value: line.lastMember },
        ]}
      />
    </Panel>
  );
}
