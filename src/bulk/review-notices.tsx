import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { ButtonLink, LinkButton } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { Notice } from "../ui/notices.tsx";
import type { Batch, EarlierUpload } from "./batch-queries.ts";
import type { Figures } from "./figures.ts";

export type ReviewNoticesProps = {
  batch: Batch;
  figures: Figures;
  sameFile: EarlierUpload | undefined;
  timeZone: string;
};

/** What keeps rows from being sent, and what to look at before they are. */
export function ReviewNotices({ batch, figures, sameFile, timeZone }: ReviewNoticesProps): JSX.Element {
  return (
    <Stack gap="s">
      {figures.sentOff > 0 ? (
        <Notice
          tone="info"
          title={`${count(figures.sentOff, "row")} of this upload ${figures.sentOff === 1 ? "was" : "were"} sent off.`}
          actions={<ButtonLink href={`/bulk/${batch.id}/progress`}>See what became of them</ButtonLink>}
        >
          The rows here stayed behind as a draft.
        </Notice>
      ) : null}
      {sameFile ? (
        <Notice tone="warn" title="This file was uploaded before.">
          <a href={`/bulk/${sameFile.id}`}>{sameFile.fileName}</a>
          {`, ${formatInstant(sameFile.createdAt, timeZone)}, by ${sameFile.by}. Rows that were sent from it are held back here.`}
        </Notice>
      ) : null}
      {figures.toFix > 0 ? (
        <Notice
          tone="bad"
          title={`${count(figures.toFix, "row")} ${figures.toFix === 1 ? "needs" : "need"} fixing before ${figures.toFix === 1 ? "it" : "they"} can be sent.`}
        >
          Change the marked cells here; nothing has to be uploaded again.
        </Notice>
      ) : null}
      {figures.held > 0 ? (
        <Notice
          tone="warn"
          title={`${count(figures.held, "row")} ${figures.held === 1 ? "was" : "were"} sent before.`}
        >
          They are held back. Select those that are meant to be sent once more, then choose Send selected
          again.
        </Notice>
      ) : null}
      {figures.duplicates > 0 ? (
        <Notice
          tone="warn"
          title={`${count(figures.duplicates, "row")} may be ${figures.duplicates === 1 ? "a duplicate" : "duplicates"}.`}
        >
          {figures.duplicates === 1
            ? "It will be sent unless you delete it."
            : "They will be sent unless you delete them."}
        </Notice>
      ) : null}
      {batch.ambiguous_dates > 0 ? <DateOrderNotice batch={batch} /> : null}
    </Stack>
  );
}

function DateOrderNotice({ batch }: { batch: Batch }): JSX.Element {
  const monthFirst = batch.date_order === "month_first";
  return (
    <Notice
      tone={batch.other_dates > 0 ? "warn" : undefined}
      title={`${count(batch.ambiguous_dates, "date")} can be read in two ways.`}
    >
      {`03/04/2026 is read as ${monthFirst ? "Mar 4, 2026" : "Apr 3, 2026"}. `}
      {batch.other_dates > 0
        ? `Some dates of this file only make sense with the ${monthFirst ? "day" : "month"} first. `
        : null}
      <PostForm
        action={`/bulk/${batch.id}/dates`}
        fields={{ order: monthFirst ? "day_first" : "month_first" }}
      >
        <LinkButton>{`Read them with the ${monthFirst ? "day" : "month"} first`}</LinkButton>
      </PostForm>
    </Notice>
  );
}

/** `1 row`, `2,048 rows`. */
export function count(number: number, word: string): string {
  return `${formatCount(number)} ${number === 1 ? word : `${word}s`}`;
}
