import type { JSX } from "hono/jsx/jsx-runtime";
import { Button } from "../ui/buttons.tsx";
import { Check } from "../ui/choices.tsx";
import { FieldRow, SelectField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, PageHeader, Section, Stack } from "../ui/layout.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { Stepper } from "../ui/progress.tsx";
import { DataTable, Row, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import type { Batch } from "./batch-queries.ts";
import { COLUMN_FACTS, COLUMNS, type Column, columnLetter } from "./columns.ts";
import { BULK_STEPS } from "./upload-view.tsx";

type ColumnsViewProps = {
  batch: Batch;
  samples: readonly string[][];
  /** What stands in the boxes: the place of a column, or nothing. */
  typed: Partial<Record<Column, string>>;
  hasHeader: boolean;
  errors?: FieldErrors | undefined;
};

const OPTIONAL: readonly Column[] = COLUMNS.filter((column) => column !== "name" && column !== "amount");

/** Which column of the file is which, said by hand. */
export function ColumnsView(props: ColumnsViewProps): JSX.Element {
  const { batch, errors } = props;
  return (
    <>
      <PageHeader title="Which column is which?" detail={batch.file_name} />
      <Stepper steps={BULK_STEPS} current={0} />
      <PostForm action={`/bulk/${batch.id}/columns`}>
        <Stack gap="l">
          <Section id="sample" title="The file">
            <Sample {...props} />
          </Section>
          {batch.has_header ? (
            <Check
              name="hasHeader"
              label="The first row holds the names of the columns"
              hint="Take this away when it is a row like the others."
              checked={props.hasHeader}
            />
          ) : null}
          {pairs(COLUMNS).map((pair) => (
            <FieldRow>
              {pair.map((column) => (
                <SelectField
                  name={column}
                  label={COLUMN_FACTS[column].title}
                  optional={OPTIONAL.includes(column)}
                  error={errors?.[column]}
                  value={props.typed[column] ?? ""}
                  options={[
                    { value: "", label: "Not in the file" },
                    ...batch.header.map((heading, place) => ({
                      value: String(place),
                      label: `${columnLetter(place)}: ${heading === "" ? "no name" : heading}`,
                    })),
                  ]}
                />
              ))}
            </FieldRow>
          ))}
          <ActionBar words="Nothing is sent yet: next you see every row.">
            <Button kind="primary">Review rows</Button>
          </ActionBar>
        </Stack>
      </PostForm>
    </>
  );
}

function Sample({ batch, samples }: ColumnsViewProps): JSX.Element {
  return (
    <DataTable label="The first rows of the file" layout="plain" focusable>
      <TableHead>
        {batch.header.map((_heading, place) => (
          <Th>{columnLetter(place)}</Th>
        ))}
      </TableHead>
      <TableBody>
        {(batch.has_header ? [batch.header, ...samples] : samples).map((row) => (
          <Row>
            {batch.header.map((_heading, place) => (
              <Td>{row[place] ?? ""}</Td>
            ))}
          </Row>
        ))}
      </TableBody>
    </DataTable>
  );
}

function pairs<Item>(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  for (let start = 0; start < items.length; start += 2) found.push(items.slice(start, start + 2));
  return found;
}
