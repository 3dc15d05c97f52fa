import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Check } from "../ui/choices.tsx";
import { TextAreaField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Breadcrumb, PageHeader, Stack } from "../ui/layout.tsx";
import { Notice } from "../ui/notices.tsx";
import { typedOf } from "./assess.ts";
import type { Batch } from "./batch-queries.ts";
import { COLUMN_FACTS, COLUMNS } from "./columns.ts";
import { reviewHref } from "./review-address.ts";
import type { ReviewRow } from "./review-queries.ts";

/** One row with all its cells. */
export function RowView({ batch, row }: { batch: Batch; row: ReviewRow }): JSX.Element {
  const typed = typedOf(row, batch.places);
  return (
    <>
      <Breadcrumb
        crumbs={[{ label: "Bulk Upload", href: reviewHref(batch.id, {}) }, { label: `Row ${row.line}` }]}
      />
      <PageHeader title={`Row ${row.line}`} detail={batch.file_name} />
      <PostForm action={`/bulk/${batch.id}/rows/${row.id}`} fields={{ version: String(row.version) }}>
        <Stack>
          {row.misread === null ? null : (
            <>
              <Notice tone="bad" title="The cells of this row may stand in the wrong columns.">
                {row.misread}.
              </Notice>
              <Check name="accepted" label="The cells are right" />
            </>
          )}
          {COLUMNS.map((column) => {
            const facts = {
              name: column,
              label: COLUMN_FACTS[column].title,
              hint: row.notes[column] ?? `Like ${COLUMN_FACTS[column].example}`,
              error: row.faults[column],
              value: typed[column] ?? "",
            };
            return column === "message" ? <TextAreaField {...facts} /> : <TextField {...facts} />;
          })}
          <ActionBar>
            <ButtonLink href={reviewHref(batch.id, {})}>Back without saving</ButtonLink>
            <Button kind="primary">Save row</Button>
          </ActionBar>
        </Stack>
      </PostForm>
    </>
  );
}
