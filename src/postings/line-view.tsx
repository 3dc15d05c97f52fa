import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Notice } from "../ui/notices.tsx";
import { BlankCell, NoteCell, Row, RowHead, SelectCell, Td } from "../ui/table.tsx";
import { PostingTag, type PostingTagState } from "../ui/tags.tsx";
import { type Fix, waitsForRelease } from "./fixes.ts";
import type { PostingLine } from "./line-queries.ts";
import { PROBLEM_TITLES } from "./problem-words.ts";

/** A posting with what the page says about it in words. */
export type LineFacts = {
  posting: PostingLine;
  /** The matter system's name; undefined while no statement says which. */
  system: string | undefined;
  fixes: readonly Fix[];
  /** Who last decided about it: "Ines Ferrer, Nov 12, 12:26 PM". */
  lastMember: string | undefined;
  /** When it is tried again, in words. */
  nextTry: string | undefined;
};

const COLUMNS = 5;

/** The row of one posting, and under it what is wrong, or who decided what, with the ways out. */
export function LineRows({ line, description }: { line: LineFacts; description: string }): JSX.Element {
  const { posting } = line;
  return (
    <>
      <Row>
        <SelectCell />
        <RowHead note={matterWords(posting)}>{statementWords(posting) ?? description}</RowHead>
        <BlankCell />
        <Td label="Written to">
          <span>
            {line.system ?? "Not chosen yet"}
            <small>{writtenWords(posting)}</small>
          </span>
        </Td>
        <Td label="Amount" num>
          {formatMoney({ minor: posting.amount_minor, currency: posting.currency })}
        </Td>
        <Td label="State">
          <PostingTag state={tagOf(posting)} />
        </Td>
      </Row>
      {noteOf(line)}
    </>
  );
}

/** `Statement 20391`, `Trust request TR-0607`; undefined while there is none. */
export function statementWords(
  posting: Pick<PostingLine, "statementNumber" | "statementKind">,
): string | undefined {
  if (posting.statementNumber === null) return undefined;
  const word = posting.statementKind === "trust_request" ? "Trust request" : "Statement";
  return `${word} ${posting.statementNumber}`;
}

function matterWords(posting: PostingLine): string {
  return posting.matterNumber === null
    ? "No matter yet"
    : `${posting.matterNumber} ${posting.matterDescription ?? ""}`;
}

function tagOf(posting: PostingLine): PostingTagState {
  return posting.kind === "reversal" && posting.state === "posted" ? "reversed" : posting.state;
}

function writtenWords(posting: PostingLine): string {
  if (posting.state !== "posted") return posting.reference;
  const parts = [
    posting.external_id,
    posting.posted_on === null ? null : formatShortDay(posting.posted_on),
    posting.posted_by === "hand" ? "by hand" : posting.confirmed_at ? "confirmed" : null,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

function noteOf(line: LineFacts): JSX.Element | null {
  const { posting } = line;
  const who = line.lastMember ? <small class="soft">{`Last decided by ${line.lastMember}.`}</small> : null;
  if (posting.state === "needs_attention") {
    const title = posting.problem === null ? "This needs a person." : PROBLEM_TITLES[posting.problem];
    return note(line, "bad", title, [posting.problem_text, who]);
  }
  if (posting.state === "set_aside")
    return note(line, undefined, "Set aside.", [posting.set_aside_reason, who]);
  if (posting.state === "ready" && waitsForRelease(posting)) {
    return note(line, "info", "Waits for its release.", [who]);
  }
  if (posting.state !== "posted" && posting.problem_text !== null) {
    const next = line.nextTry
      ? `The payment is safe. Next try ${line.nextTry}.`
      : "The payment is safe, and goes on by itself.";
    return note(line, "warn", posting.problem_text, [next]);
  }
  return posting.state === "posted" && posting.posted_by === "hand" && who
    ? note(line, undefined, "", [who])
    : null;
}

function note(
  line: LineFacts,
  tone: "bad" | "warn" | "info" | undefined,
  title: string,
  parts: readonly Child[],
): JSX.Element {
  const actions = line.fixes.map((fix) => <FixButton fix={fix} posting={line.posting} />);
  return (
    <Row>
      <SelectCell />
      <NoteCell colspan={COLUMNS}>
        <Notice tone={tone} title={title} actions={actions.length > 0 ? actions : undefined}>
          {parts
            .filter((part) => part !== null)
            .map((part) => (
              <>{part} </>
            ))}
        </Notice>
      </NoteCell>
    </Row>
  );
}

function FixButton({ fix, posting }: { fix: Fix; posting: PostingLine }): JSX.Element {
  const path = `/postings/${posting.id}`;
  switch (fix) {
    case "lay":
      return (
        <ButtonLink size="s" href={`${path}/statement`}>
          Choose statement
        </ButtonLink>
      );
    case "mark":
      return (
        <ButtonLink size="s" href={`${path}/by-hand`}>
          Mark as posted by hand
        </ButtonLink>
      );
    case "setAside":
      return (
        <ButtonLink size="s" href={`${path}/set-aside`}>
          Set aside
        </ButtonLink>
      );
    case "absent":
      return (
        <ButtonLink size="s" href={`${path}/absent`}>
          It is not there
        </ButtonLink>
      );
    case "retry":
      return (
        <Button size="s" icon="refresh" formAction={`${path}/release`}>
          {posting.outcome_unknown ? "Look there and retry" : "Retry"}
        </Button>
      );
    case "release":
      return (
        <Button size="s" formAction={`${path}/release`}>
          Post now
        </Button>
      );
    case "putBack":
      return (
        <Button size="s" icon="undo" formAction={`${path}/put-back`}>
          Put back
        </Button>
      );
  }
}
