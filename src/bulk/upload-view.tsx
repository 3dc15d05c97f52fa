import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Choices } from "../ui/choices.tsx";
import { FileField } from "../ui/fields.tsx";
import { ActionBar, Cluster, Details, PageHeader, Section, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { Stepper } from "../ui/progress.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge, Tag } from "../ui/tags.tsx";
import type { Account } from "./accounts.ts";
import type { BatchSummary } from "./batch-queries.ts";
import { COLUMN_FACTS, COLUMNS } from "./columns.ts";
import { ROW_LIMIT } from "./sheet.ts";

export const BULK_STEPS = ["Upload file", "Review rows", "Send"] as const;

type UploadViewProps = {
  formId: string;
  accounts: readonly Account[];
  accountId: string;
  recent: readonly BatchSummary[];
  timeZone: string;
  errors?: FieldErrors | undefined;
};

/** The first step: where the money goes, and the file. */
export function UploadView(props: UploadViewProps): JSX.Element {
  return (
    <>
      <PageHeader
        title="Bulk Upload"
        detail="Make a payment link for every row of a sheet, and send each by email or download them all."
        actions={
          <Cluster>
            <ButtonLink href="/bulk/template.csv" icon="download">
              Template, CSV
            </ButtonLink>
            <ButtonLink href="/bulk/template.xlsx" icon="download">
              Template, Excel
            </ButtonLink>
          </Cluster>
        }
      />
      <Stepper steps={BULK_STEPS} current={0} />
      <Stack gap="xl">
        <UploadForm {...props} />
        <ColumnHelp />
        {props.recent.length > 0 ? <RecentUploads {...props} /> : null}
      </Stack>
    </>
  );
}

function UploadForm({ formId, accounts, accountId, errors }: UploadViewProps): JSX.Element {
  return (
    <form method="post" action="/bulk" enctype="multipart/form-data" novalidate>
      <input type="hidden" name="formId" value={formId} />
      <Stack>
        <Choices
          name="accountId"
          label="Deposit to"
          hint="Rows that name an account of their own go there."
          error={errors?.accountId}
          value={accountId}
          columns={2}
          choices={accounts.map((account) => ({
            value: account.id,
            title: account.name,
            hint: account.currency,
            aside: <AccountBadge kind={account.kind} last4={account.last4} />,
          }))}
        />
        <FileField
          name="file"
          label="File"
          hint={`CSV or TXT: commas, tabs, semicolons or vertical bars. Up to ${formatCount(ROW_LIMIT)} rows and 10 MB. Choose the file or drop it on the box.`}
          error={errors?.file}
          accept=".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"
        />
        <ActionBar words="Nothing is sent yet: next you see every row.">
          <Button kind="primary" icon="upload">
            Upload and review
          </Button>
        </ActionBar>
      </Stack>
    </form>
  );
}

function ColumnHelp(): JSX.Element {
  return (
    <Details summary="What the columns are called, and what may stand in them" box>
      <DataTable label="Columns" focusable>
        <TableHead>
          <Th>Column</Th>
          <Th>Example</Th>
          <Th>Needed</Th>
        </TableHead>
        <TableBody>
          {COLUMNS.map((column) => (
            <Row>
              <RowHead>{COLUMN_FACTS[column].title}</RowHead>
              <Td label="Example">{COLUMN_FACTS[column].example}</Td>
              <Td label="Needed">{NEEDED[column]}</Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
    </Details>
  );
}

const NEEDED = {
  invoice: "Yes, but not for money into trust",
  invoiceDate: "No",
  dueDate: "No",
  name: "Yes",
  email: "To send by email; several with semicolons",
  amount: "Yes",
  message: "No: your firm's own words stand in for it",
  account: "No: the account above stands in for it",
  matter: "No",
  language: "No: English, Spanish or French",
} as const;

function RecentUploads({ recent, timeZone }: UploadViewProps): JSX.Element {
  return (
    <Section id="recent" title="Recent uploads">
      <DataTable label="Recent uploads">
        <TableHead>
          <Th>File</Th>
          <Th>Uploaded</Th>
          <Th>By</Th>
          <Th num>Rows</Th>
          <Th num>Links made</Th>
          <Th>State</Th>
        </TableHead>
        <TableBody>
          {recent.map((batch) => (
            <Row>
              <RowHead href={`/bulk/${batch.id}`}>{batch.fileName}</RowHead>
              <Td label="Uploaded" nowrap>
                <time datetime={batch.createdAt.toISOString()}>
                  {formatInstant(batch.createdAt, timeZone)}
                </time>
              </Td>
              <Td label="By">{batch.by}</Td>
              <Td label="Rows" num>
                {formatCount(batch.rows)}
              </Td>
              <Td label="Links made" num>
                {formatCount(batch.made)}
              </Td>
              <Td label="State">
                <BatchTag batch={batch} />
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
    </Section>
  );
}

function BatchTag({ batch }: { batch: BatchSummary }): JSX.Element {
  if (batch.state === "issuing")
    return (
      <Tag icon="s-wait" tone="info">
        Sending
      </Tag>
    );
  if (batch.state === "paused")
    return (
      <Tag icon="pause" tone="warn">
        Stopped
      </Tag>
    );
  if (batch.rows > 0 && batch.made === batch.rows)
    return (
      <Tag icon="s-done" tone="good">
        Done
      </Tag>
    );
  return (
    <Tag icon={batch.toFix > 0 ? "s-alert" : "s-open"} tone={batch.toFix > 0 ? "bad" : undefined}>
      {batch.toFix > 0 ? `${formatCount(batch.toFix)} to fix` : "Draft"}
    </Tag>
  );
}
