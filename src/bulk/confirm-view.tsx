import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, PageHeader, Panel, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { KeyValues } from "../ui/lists.tsx";
import { Stepper } from "../ui/progress.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { Batch } from "./batch-queries.ts";
import type { AccountTotal, Figures } from "./figures.ts";
import { reviewHref } from "./review-address.ts";
import { count } from "./review-notices.tsx";
import { BULK_STEPS } from "./upload-view.tsx";

type ConfirmViewProps = {
  batch: Batch;
  delivery: "email" | "copy";
  figures: Figures;
  totals: readonly AccountTotal[];
};

/** All of it once more, before anything happens. */
export function ConfirmView({ batch, delivery, figures, totals }: ConfirmViewProps): JSX.Element {
  const emailed = delivery === "email";
  const rows = emailed ? figures.readyToEmail : figures.ready;
  const stays = figures.inReview - rows;
  return (
    <>
      <PageHeader title={emailed ? "Send all" : "Generate links"} detail="Nothing has been sent yet." />
      <Stepper steps={BULK_STEPS} current={2} />
      <PostForm action={`/bulk/${batch.id}/send`} fields={{ delivery, version: String(batch.version) }}>
        <Stack gap="l">
          <Panel id="confirm" title={batch.file_name}>
            <KeyValues
              facts={[
                {
                  name: emailed ? "Emailed" : "Links made",
                  value: emailed
                    ? `${count(rows, "request")}, each with a link of its own`
                    : `${count(rows, "link")} to download; nobody is emailed`,
                },
                ...totals.map(({ account, rows: each, total }) => ({
                  name: `To ${account.name}`,
                  value: (
                    <>
                      {`${formatMoney(total)} in ${count(each, "row")} `}
                      <AccountBadge kind={account.kind} last4={account.last4} />
                    </>
                  ),
                })),
                ...(figures.duplicates > 0
                  ? [
                      {
                        name: "Possible duplicates",
                        value: `${count(figures.duplicates, "row")} among those that are ready`,
                      },
                    ]
                  : []),
                { name: "Stays as a draft", value: stays === 0 ? "Nothing" : count(stays, "row") },
              ]}
            />
          </Panel>
          <ActionBar>
            <ButtonLink href={reviewHref(batch.id, {})}>Back to the rows</ButtonLink>
            <Button kind="primary" icon={emailed ? "send" : "link"}>
              {emailed ? `Send ${formatCount(rows)}` : `Generate ${formatCount(rows)} links`}
            </Button>
          </ActionBar>
        </Stack>
      </PostForm>
    </>
  );
}
