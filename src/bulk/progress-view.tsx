import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import type { IconName } from "../ui/icons.tsx";
import { Cluster, PageHeader, Section } from "../ui/layout.tsx";
import { formatCount, Tabs } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { ProgressPanel, Stepper } from "../ui/progress.tsx";
import type { Batch } from "./batch-queries.ts";
import type { Figures } from "./figures.ts";
import { OUTCOMES, type OutcomeView, VIEW_OUTCOMES } from "./outcome-queries.ts";
import { Outcomes, type OutcomesProps, OutcomeTag, progressHref } from "./outcome-view.tsx";
import { count } from "./review-notices.tsx";
import { BULK_STEPS } from "./upload-view.tsx";

const POLL_SECONDS = 3;
/** What is brought up to date together: the figures, what can be done, and the rows. */
const FOLLOWS = "sending";

type ProgressViewProps = OutcomesProps & { figures: Figures; startedBy: string; nonce: string };

/** The third step: how far the sending is, and what became of each row. It is the upload's page afterwards. */
export function ProgressView(props: ProgressViewProps): JSX.Element {
  const { batch, figures, timeZone } = props;
  const started =
    batch.issued_at === null
      ? ""
      : `, started ${formatInstant(batch.issued_at, timeZone)} by ${props.startedBy}`;
  return (
    <>
      <PageHeader
        title="Bulk Upload"
        detail={`${batch.file_name}${started}`}
        actions={
          <Cluster>
            <ButtonLink href={`/bulk/${batch.id}/links.csv`} icon="download">
              Links, CSV
            </ButtonLink>
            <ButtonLink href={`/bulk/${batch.id}/links.xlsx`} icon="download">
              Links, Excel
            </ButtonLink>
          </Cluster>
        }
      />
      <Stepper steps={BULK_STEPS} current={2} />
      <div class="stack" data-gap="l" id={FOLLOWS}>
        <Progress {...props} />
        <Controls {...props} />
        <Section id="outcome" title="Outcome by row" detail="Newest first">
          <Tabs label="Outcomes" tabs={tabsOf(props)} />
          {props.rows.length === 0 ? (
            <EmptyState icon="search" title="No rows here" id="none" />
          ) : (
            <Outcomes {...props} />
          )}
        </Section>
        {figures.inReview > 0 ? (
          <p>
            <a
              href={`/bulk/${batch.id}?rows=all`}
            >{`${count(figures.inReview, "row")} stayed behind as a draft`}</a>
          </p>
        ) : null}
      </div>
    </>
  );
}

function Progress({ batch, outcomes, nonce, figures, view, page }: ProgressViewProps): JSX.Element {
  const total = figures.sentOff;
  const waits = outcomes.get("waiting") ?? 0;
  const emailing = outcomes.get("emailing") ?? 0;
  const done = total - waits - emailing;
  const isOver = batch.state !== "issuing" && emailing === 0;
  return (
    <ProgressPanel
      id="progress"
      title={titleOf(batch, done, total, isOver)}
      value={done}
      max={Math.max(1, total)}
      counts={OUTCOMES.filter((outcome) => (outcomes.get(outcome) ?? 0) > 0).map((outcome) => (
        <span>
          <OutcomeTag outcome={outcome} /> <strong>{formatCount(outcomes.get(outcome) ?? 0)}</strong>
        </span>
      ))}
      foot={isOver ? undefined : "You can leave this page; the work goes on. No row is ever sent twice."}
      poll={
        isOver
          ? undefined
          : {
              href: progressHref(batch.id, view, page),
              nonce,
              everySeconds: POLL_SECONDS,
              target: `#${FOLLOWS}`,
            }
      }
    />
  );
}

function titleOf(batch: Batch, done: number, total: number, isOver: boolean): string {
  const figures = `${formatCount(done)} of ${formatCount(total)}`;
  if (batch.state === "paused") return `Stopped after ${figures}`;
  return isOver ? `Done: ${figures}` : `Sending ${figures}`;
}

/** Stop, go on, take back: each a form, so that all of it works without a script. */
function Controls({ batch, figures }: ProgressViewProps): JSX.Element | null {
  const form = (verb: string, words: string, icon?: IconName) => (
    <PostForm action={`/bulk/${batch.id}/${verb}`}>
      <Button icon={icon}>{words}</Button>
    </PostForm>
  );
  if (batch.state !== "issuing" && batch.state !== "paused" && figures.failed === 0) return null;
  return (
    <Cluster>
      {batch.state === "issuing" ? form("stop", "Stop", "pause") : null}
      {batch.state === "paused" ? form("go-on", "Go on", "send") : null}
      {batch.state === "paused" && figures.queued > 0
        ? form("take-back", `Take back the ${count(figures.queued, "row")} that wait`, "undo")
        : null}
      {figures.failed > 0
        ? form("review-failed", `Review the ${count(figures.failed, "row")} not sent`)
        : null}
    </Cluster>
  );
}

function tabsOf({ batch, outcomes, view }: ProgressViewProps) {
  const words: Record<OutcomeView, string> = {
    all: "All",
    problem: "Problems",
    done: "Done",
    waiting: "Waiting",
  };
  return (Object.keys(words) as OutcomeView[]).map((each) => {
    const rows = VIEW_OUTCOMES[each].reduce((sum, outcome) => sum + (outcomes.get(outcome) ?? 0), 0);
    return {
      label: words[each],
      href: progressHref(batch.id, each, 1),
      current: each === view,
      count: rows,
      tone: each === "problem" && rows > 0 ? ("bad" as const) : undefined,
    };
  });
}
