import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import type { IconName } from "../ui/icons.tsx";
import { Notice } from "../ui/notices.tsx";
import { BlankCell, NoteCell, Row, RowHead, SelectCell, Td } from "../ui/table.tsx";
import { PostingTag, type PostingTagState } from "../ui/tags.tsx";
import { withBack } from "./back.ts";
import { causeWords } from "./cause.ts";
import { type Fix, waitsForRelease } from "./fixes.ts";
import type { PostingLine } from "./line-queries.ts";
import { problemTitle } from "./problem-words.ts";

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
  /** Its system is waited for: why, and until when, in words. */
  hold: { reason: string; until: string } | undefined;
};

const COLUMNS = 6;

/** The row of one posting, and under it what is wrong, or who decided what, with the ways out. */
export function LineRows(props: { line: LineFacts; description: string; back: string }): JSX.Element {
  const { line, description } = props;
  const { posting } = line;
  return (
    <>
      <Row>
        <SelectCell />
        <RowHead note={matterWords(posting)} href={`/postings/${posting.id}`}>
          {lineTitle(posting, description)}
        </RowHead>
        <BlankCell />
        <Td label="Written to">
          <span>
            {line.system ?? "Not chosen yet"}
            <small>{writtenWords(posting)}</small>
          </span>
        </Td>
        <BlankCell />
        <Td label="Amount" num>
          {signedAmount(posting)}
        </Td>
        <Td label="State">
          <PostingTag state={tagOf(posting)} />
        </Td>
      </Row>
      {noteOf(line, props.back)}
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

/** The statement, and for what was undone or posted again why: `Statement 20366, dispute`. */
export function lineTitle(posting: PostingLine, description: string): string {
  const place = statementWords(posting) ?? description;
  const cause = causeWords(posting.cause);
  return cause === undefined ? place : `${place}, ${cause[0]?.toLowerCase()}${cause.slice(1)}`;
}

/** The amount of a line: what is taken back stands with a minus sign. */
export function signedAmount(posting: Pick<PostingLine, "kind" | "amount_minor" | "currency">): string {
  const minor = posting.kind === "reversal" ? -posting.amount_minor : posting.amount_minor;
  return formatMoney({ minor, currency: posting.currency });
}

function matterWords(posting: PostingLine): string {
  return posting.matterNumber === null
    ? "No matter yet"
    : `${posting.matterNumber} ${posting.matterDescription ?? ""}`;
}

/** The tag of a posting: a reversal that was posted shows as reversed. */
export function tagOf(posting: Pick<PostingLine, "kind" | "state">): PostingTagState {
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

function noteOf(line: LineFacts, back: string): JSX.Element | null {
  const { posting } = line;
  const who = line.lastMember ? <small class="soft">{`Last decided by ${line.lastMember}.`}</small> : null;
  if (posting.state === "needs_attention") {
    const tone = posting.problem === "unsupported" && !posting.is_undone ? "info" : "bad";
    return note(line, back, tone, problemTitle(posting), [
      posting.problem_text,
      posting.watch_note,
      fileWords(posting),
      who,
    ]);
  }
  if (posting.state === "set_aside") {
    const title = posting.is_unapplied ? "Held as unapplied." : "Set aside.";
    return note(line, back, undefined, title, [posting.set_aside_reason, who]);
  }
  if (posting.state === "ready" && waitsForRelease(posting)) {
    return note(line, back, "info", "Waits for its release.", [who]);
  }
  if (line.hold !== undefined && posting.problem_text === null) {
    const words = `The payment is safe. Next try ${line.hold.until}, in its turn.`;
    return note(line, back, "warn", line.hold.reason, [words]);
  }
  if (posting.state !== "posted" && posting.problem_text !== null) {
    const next = line.nextTry
      ? `The payment is safe. Next try ${line.nextTry}.`
      : "The payment is safe, and goes on by itself.";
    return note(line, back, "warn", posting.problem_text, [next]);
  }
  return posting.state === "posted" && posting.posted_by === "hand" && who
    ? note(line, back, undefined, "", [who])
    : null;
}

function fileWords(posting: PostingLine): string | null {
  return posting.file_id === null ? null : "It stands in a file to import.";
}

function note(
  line: LineFacts,
  back: string,
  tone: "bad" | "warn" | "info" | undefined,
  title: string,
  parts: readonly Child[],
): JSX.Element {
  const actions = line.fixes.map((fix) => <FixButton fix={fix} posting={line.posting} back={back} />);
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

type FixLook = { words: string; path: string; icon?: IconName };

/** Ways out that lead to a page of their own. */
const PAGES: Partial<Record<Fix, FixLook>> = {
  lay: { words: "Choose statement", path: "statement" },
  hold: { words: "Hold as unapplied", path: "hold" },
  assist: { words: "What to enter", path: "enter" },
  mark: { words: "Mark as posted by hand", path: "by-hand" },
  present: { words: "It is there", path: "by-hand" },
  absent: { words: "It is not there", path: "absent" },
  setAside: { words: "Set aside", path: "set-aside" },
};

/** Ways out that are done at once. */
const ACTIONS: Partial<Record<Fix, FixLook>> = {
  retry: { words: "Retry", path: "release", icon: "refresh" },
  release: { words: "Post now", path: "release" },
  putBack: { words: "Put back", path: "put-back", icon: "undo" },
};

/** The button of one way out. Those that act at once need a form around them; pages of their own lead back to `back`. */
export function FixButton(props: { fix: Fix; posting: PostingLine; back: string }): JSX.Element | null {
  const { fix, posting } = props;
  const [page, action] = [PAGES[fix], ACTIONS[fix]];
  if (page) {
    const words = fix === "assist" && posting.is_undone ? "Its file" : page.words;
    return (
      <ButtonLink size="s" href={withBack(`/postings/${posting.id}/${page.path}`, props.back)}>
        {words}
      </ButtonLink>
    );
  }
  if (!action) return null;
  const words = fix === "retry" && posting.outcome_unknown ? "Look there and retry" : action.words;
  const taken = fix === "putBack" && posting.is_unapplied ? "Take up again" : words;
  return (
    <Button size="s" icon={action.icon} formAction={`/postings/${posting.id}/${action.path}`}>
      {taken}
    </Button>
  );
}
