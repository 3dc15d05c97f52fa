import type { JSX } from "hono/jsx/jsx-runtime";
import type { HandEntry } from "../../connectors/hand-entry.ts";

import { formatShortDay } from "../base/day.ts";
import { formatDecimal } from "../base/money.ts";
import { Button, ButtonLink, CopyButton } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Cluster, Panel, Stack } from "../ui/layout.tsx";
import { currencySymbol } from "../ui/money.tsx";
import { Notice } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { withBack } from "./back.ts";
import { DecisionHead } from "./decision-view.tsx";
import type { PostingLine } from "./line-queries.ts";
import { problemTitle } from "./problem-words.ts";

export type EnterProps = {
  posting: PostingLine;
  payerName: string;
  back: string;
  system: string;
  entry: HandEntry;
  /** Where the entry is made on the system's screens: an address and words. */
  place: { url: string; words: string | undefined };
  /** Whether the system takes a file; the one that the posting stands in, and where it is imported. */
  file: {
    takes: boolean;
    made: { id: string; name: string; at: string } | undefined;
    where: string | undefined;
  };
};

/**
 * What a person enters in a matter system that cannot be written to, and where; each value ready to be copied. Where the money moved
 * meanwhile, only its file and what to do about it.
 */
export function EnterPage(props: EnterProps): JSX.Element {
  return props.posting.is_undone ? <CalledBack {...props} /> : <ToEnter {...props} />;
}

function CalledBack(props: EnterProps): JSX.Element {
  const { posting } = props;
  return (
    <Stack gap="l">
      <DecisionHead
        title="Nothing is to be entered"
        posting={posting}
        payerName={props.payerName}
        back={props.back}
      />
      <Notice tone="bad" title={problemTitle(posting)}>
        {posting.problem_text}
      </Notice>
      <FilePanel {...props} />
      <ActionBar>
        <ButtonLink href={props.back}>Back</ButtonLink>
      </ActionBar>
    </Stack>
  );
}

function ToEnter(props: EnterProps): JSX.Element {
  const { posting, system, place } = props;
  const isReversal = props.entry.kind === "reversal";
  return (
    <Stack gap="l">
      <DecisionHead
        title={isReversal ? `Take it back in ${system}` : `Enter it in ${system}`}
        posting={posting}
        payerName={props.payerName}
        back={props.back}
      />
      {posting.watch_note === null ? null : (
        <Notice tone="warn" title="Somebody must look.">
          {posting.watch_note}
        </Notice>
      )}
      <Panel
        id="enter"
        title="What to enter"
        foot={
          <ButtonLink href={place.url} newTab icon="external" kind="primary">
            {`Open ${system}`}
            <span class="visually-hidden"> (opens in a new tab)</span>
          </ButtonLink>
        }
      >
        {place.words === undefined ? null : <p>{place.words}</p>}
        <DataTable label="What to enter" layout="plain">
          <TableHead>
            <Th>Field</Th>
            <Th>Value</Th>
            <Th hidden>Copy</Th>
          </TableHead>
          <TableBody>
            {linesOf(props.entry).map((line) => (
              <EntryLine {...line} />
            ))}
          </TableBody>
        </DataTable>
      </Panel>
      {props.file.takes ? <FilePanel {...props} /> : null}
      <Panel id="done" title="When it is entered">
        <p>
          {`Nothing more is needed: we read ${system} every few minutes, and take the posting for done when the statement’s balance ${isReversal ? "rises" : "falls"} by exactly this amount. Where the balance cannot prove it, or if you do not want to wait, say so yourself.`}
        </p>
        <div>
          <ButtonLink href={withBack(`/postings/${posting.id}/by-hand`, props.back)}>
            Mark as posted by hand
          </ButtonLink>
        </div>
      </Panel>
      <ActionBar>
        <ButtonLink href={props.back}>Back</ButtonLink>
      </ActionBar>
    </Stack>
  );
}

type Line = { name: string; value: string };

/** Each value as it is typed in: dates as people write them there, amounts without a sign. */
function linesOf(entry: HandEntry): Line[] {
  const isReversal = entry.kind === "reversal";
  const lines: [string, string | undefined][] = [
    ["Matter", entry.matterNumber],
    ["Client", entry.clientName],
    [entry.kind === "trust_deposit" ? "Trust request" : "Statement", entry.statementNumber],
    ["Entry to take back", isReversal ? entry.undoes : undefined],
    [`Amount in ${currencySymbol(entry.currency)}`, formatDecimal(entry.amountMinor)],
    ["Date", formatShortDay(entry.on)],
    ["Method", isReversal ? undefined : entry.method],
    ["Paid by", isReversal ? undefined : entry.payerName],
    ["Reference", entry.reference],
    ["Memo", entry.memo],
  ];
  return lines
    .filter((line): line is [string, string] => line[1] !== undefined && line[1] !== "")
    .map(([name, value]) => ({ name, value }));
}

/** A value that can be copied with the button, or selected by hand where no script runs. */
function EntryLine({ name, value }: Line): JSX.Element {
  return (
    <Row>
      <RowHead>{name}</RowHead>
      <Td>
        <code>{value}</code>
      </Td>
      <Td num>
        <CopyButton text={value} said={`${name} copied`} size="s">
          Copy
          <span class="visually-hidden">{` ${name.toLowerCase()}`}</span>
        </CopyButton>
      </Td>
    </Row>
  );
}

function FilePanel(props: EnterProps): JSX.Element {
  const { posting, system, file } = props;
  const { made } = file;
  if (made === undefined) {
    return (
      <Panel id="file" title="Or import a file">
        <p>
          {`One file holds everything that waits to be entered in ${system} and stands in no file yet. ${file.where ?? ""}`}
        </p>
        <PostForm action={withBack(`/postings/${posting.id}/file`, props.back)}>
          <Button icon="download">Make the file</Button>
        </PostForm>
      </Panel>
    );
  }
  return (
    <Panel id="file" title="It stands in a file">
      <p>{`${made.name}, made ${made.at}. ${importWords(props)}`}</p>
      <Cluster>
        <ButtonLink href={`/postings/${posting.id}/file`} icon="download">
          Download the file
        </ButtonLink>
        <PostForm action={withBack(`/postings/${posting.id}/file/drop`, props.back)}>
          <Button>It was not imported: take everything out</Button>
        </PostForm>
      </Cluster>
    </Panel>
  );
}

function importWords({ posting, file }: EnterProps): string {
  return posting.is_undone
    ? "If it was not imported, do not import it any more: take everything out and make it anew, without this."
    : `${file.where ?? ""} Import it once: whoever imports it again enters everything twice.`;
}
