import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink, LinkButton } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Cluster, PageHeader } from "../ui/layout.tsx";
import { formatCount, NumberedPages, SearchForm, Tabs, Toolbar } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Stepper } from "../ui/progress.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { Batch } from "./batch-queries.ts";
import type { AccountTotal } from "./figures.ts";
import { Grid, type GridProps } from "./grid-view.tsx";
import { type ReviewPlace, reviewHref } from "./review-address.ts";
import { count, ReviewNotices, type ReviewNoticesProps } from "./review-notices.tsx";
import { BULK_STEPS } from "./upload-view.tsx";

type ReviewViewProps = Omit<GridProps, "batchId" | "places" | "order"> &
  ReviewNoticesProps & {
    /** What all ready rows ask for, by account. */
    totals: readonly AccountTotal[];
    place: ReviewPlace;
    /** Rows under the filter, on all pages. */
    matching: number;
    pageSize: number;
  };

const FORM = "grid";

/** The second step: every row, with what is wrong with it, to be corrected in place. */
export function ReviewView(props: ReviewViewProps): JSX.Element {
  const { batch, figures, place } = props;
  return (
    <>
      <PageHeader
        title="Bulk Upload"
        tag={
          <span>{`${batch.file_name}, ${formatCount(figures.inReview)} rows to review, uploaded ${formatInstant(batch.created_at, props.timeZone)}`}</span>
        }
        detail={
          <>
            Deposit to <AccountBadge kind={props.account.kind} last4={props.account.last4} />
          </>
        }
        actions={<ButtonLink href="/bulk">Use another file</ButtonLink>}
      />
      <Stepper steps={BULK_STEPS} current={1} />
      <ReviewNotices {...props} />
      <Tabs label="Rows" tabs={tabsOf(props)} />
      <Toolbar
        end={
          <>
            <Button form={FORM} name="action" value="save">
              Save changes
            </Button>
            {figures.toFix > 0 ? (
              <ButtonLink href={`/bulk/${batch.id}/faults.csv`} kind="quiet" icon="download">
                Download rows with errors
              </ButtonLink>
            ) : null}
            {figures.held > 0 ? (
              <Button form={FORM} name="action" value="again">
                Send selected again
              </Button>
            ) : null}
            <Button form={FORM} name="action" value="delete" kind="danger" icon="trash">
              Delete selected
            </Button>
            <Button form={FORM} name="action" value="add" icon="plus">
              Add row
            </Button>
          </>
        }
      >
        <SearchForm
          action={`/bulk/${batch.id}`}
          label="Search rows"
          value={place.words}
          placeholder="Invoice, name or email"
          keep={place.view === "all" ? {} : { rows: place.view }}
        />
      </Toolbar>
      <PostForm
        id={FORM}
        guarded
        action={`/bulk/${batch.id}`}
        fields={{ rows: place.view, q: place.words, page: String(place.page) }}
      >
        {props.rows.length === 0 ? (
          <EmptyState icon="search" title="No rows here">
            {place.words === "" ? "No row of this upload is in this state." : "No row holds these words."}
          </EmptyState>
        ) : (
          <Grid {...props} batchId={batch.id} places={batch.places} order={batch.date_order} />
        )}
        <Pages {...props} />
        <Actions {...props} />
      </PostForm>
      {batch.issued_at === null ? <Discard batch={batch} /> : null}
    </>
  );
}

function tabsOf({ batch, figures, place }: ReviewViewProps) {
  const tab = (view: ReviewPlace["view"], label: string, rows: number, tone?: "bad") => ({
    label,
    href: reviewHref(batch.id, { view, words: place.words }),
    current: place.view === view,
    count: rows,
    tone: rows > 0 ? tone : undefined,
  });
  return [
    tab("all", "All", figures.inReview),
    tab("fix", "To fix", figures.toFix, "bad"),
    ...(figures.held > 0 || place.view === "held" ? [tab("held", "Sent before", figures.held)] : []),
    tab("check", "Possible duplicates", figures.duplicates),
    tab("ready", "Ready", figures.ready),
  ];
}

function Pages({ batch, place, rows, matching, pageSize }: ReviewViewProps): JSX.Element {
  return (
    <NumberedPages
      page={place.page}
      pageSize={pageSize}
      shown={rows.length}
      total={matching}
      hrefOf={(page) => reviewHref(batch.id, { ...place, page })}
      lead="Rows to fix first, then those held back, then duplicates, then file order."
    />
  );
}

function Actions({ figures, totals }: ReviewViewProps): JSX.Element {
  const stays = figures.toFix + figures.held;
  return (
    <ActionBar
      words={
        <>
          <strong>{`${formatCount(figures.ready)} ready`}</strong>
          {totals.map(({ account, total }) => (
            <>
              {", "}
              <span class="money">{formatMoney(total)}</span>
              {totals.length > 1 ? ` to ${account.name}` : null}
            </>
          ))}
          <br />
          <small class="soft">
            {stays === 0
              ? "No row stays behind."
              : `${count(stays, "row")} to fix or held back ${stays === 1 ? "stays" : "stay"} here as a draft.`}
            {figures.ready > figures.readyToEmail
              ? ` ${count(figures.ready - figures.readyToEmail, "row")} without an address can only be downloaded as links.`
              : null}
          </small>
        </>
      }
    >
      <Button name="action" value="links" icon="download">
        Generate links for download
      </Button>
      <Button kind="primary" name="action" value="send" icon="send">
        {`Send all ${formatCount(figures.readyToEmail)}`}
      </Button>
    </ActionBar>
  );
}

function Discard({ batch }: { batch: Batch }): JSX.Element {
  return (
    <Cluster>
      <a href={`/bulk/${batch.id}/columns`}>Change which column is which</a>
      <PostForm action={`/bulk/${batch.id}/discard`}>
        <LinkButton>Delete this upload</LinkButton>
      </PostForm>
    </Cluster>
  );
}
