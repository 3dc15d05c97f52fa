import type { Context } from "../../src/context.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { paymentJobs } from "../../src/payments/jobs.ts";
import type { JobFacts } from "../../src/queue/handler.ts";
import type { PaymentFacts } from "../../src/stripe/port.ts";
import { bank, card } from "../sandbox/processor/stand.ts";
import type { Stage } from "./stage.ts";

const DECLINED = "4000000000000002";

export const JOB: JobFacts = { attempt: 1, isLastAttempt: false, signal: undefined };

/** The ways in which a link comes by its events. Each makes a link, goes to the processor's page and does something there. */
export const WAYS = {
  async whole(stage: Stage): Promise<LinkRow> {
    const link = await stage.makeLink({ statements: [50_000n, 75_000n] });
    await stage.submit(await stage.begin(link), card());
    return link;
  },
  async part(stage: Stage): Promise<LinkRow> {
    const link = await stage.makeLink({ statements: [50_000n, 75_000n], partAllowed: true });
    await stage.submit(await stage.begin(link, { how: "other", other: "600.00" }), card());
    return link;
  },
  async typed(stage: Stage): Promise<LinkRow> {
    const link = await stage.makeLink({ statements: [], amountMinor: 40_000n });
    await stage.submit(await stage.begin(link, { receipt: "adaeze@okafor.example" }), card());
    return link;
  },
  async debit(stage: Stage): Promise<LinkRow> {
    const link = await stage.makeLink();
    await stage.submit(await stage.begin(link, { method: "bank" }), bank());
    return link;
  },
  async declined(stage: Stage): Promise<LinkRow> {
    const link = await stage.makeLink();
    await stage.submit(await stage.begin(link), card(DECLINED));
    return link;
  },
} as const;

/** Delivers to our webhook whatever has not come yet; returns how much that was. */
export async function deliverNew(stage: Stage, account?: string): Promise<number> {
  let count = 0;
  for (const event of await allEvents(stage, account)) {
    const answer = await stage.deliver(event);
    if (((await answer.json()) as { received: string }).received === "new") count += 1;
  }
  return count;
}

async function allEvents(stage: Stage, account = stage.stage.firm.processorAccounts.operating) {
  const events = stage.stripe().events.list({ limit: 100 }, { stripeAccount: account });
  return (await events.autoPagingToArray({ limit: 1_000 })).reverse();
}

export const actOnNew = (stage: Stage, cx = stage.stage.cx, job = JOB) =>
  paymentJobs["payments.onEvents"](cx, { firmId: stage.stage.firm.firmId }, job);

/** A context in which the processor is watched, and says or does something else about some payments. */
export function watching(stage: Stage, change: (intentId: string) => Partial<PaymentFacts> = () => ({})) {
  const { cx } = stage.stage;
  const asked: string[] = [];
  const findPayment: typeof cx.processor.findPayment = async (account, id) => {
    asked.push(id);
    return { ...(await cx.processor.findPayment(account, id)), ...change(id) };
  };
  const watched: Context = { ...cx, processor: { ...cx.processor, findPayment } };
  return { cx: watched, asked };
}

/** Acts on each new event by a job of its own, the oldest first. */
export async function actOneByOne(stage: Stage): Promise<void> {
  const rows = await stage.inFirm("select id from inbox_event where handled_at is null order by received_at");
  for (const { id } of rows) {
    const payload = { firmId: stage.stage.firm.firmId, inboxEventId: String(id) };
    await paymentJobs["payments.onStripe"](stage.stage.cx, payload);
  }
}

/** All that a link's events left behind, without what is another each time: ids, references and moments. */
export async function tracesOf(stage: Stage, link: LinkRow) {
  const payments = await stage.payments(link.id);
  const emails = await stage.emails(link.id);
  const own = new Set([link.id, ...payments.map(({ id }) => id), ...emails.map(({ id }) => id)]);
  const lines = await stage.inFirm(
    "select action, object_kind, actor_kind, before, after from audit_event where link_id = $1 order by id",
    [link.id],
  );
  return {
    link: strip(await stage.link(link.id)),
    payments: payments.map(({ allocations, ...payment }) => ({
      ...strip(payment),
      parts: allocations.map((part) => ({
        amountMinor: part.amountMinor,
        isLaid: part.statementId !== null,
      })),
    })),
    checkouts: (await stage.checkouts(link.id)).map(strip),
    emails: emails.map(strip),
    lines: lines.map((line) => JSON.stringify(line)),
    jobs: (await stage.waiting()).flatMap((job) => (isAbout(job.payload, own) ? [job.name] : [])).sort(),
  };
}

const CHANGING = /(^|_)(id|at|by|on|intent|reference|url|text|label|number|version)$|Reference$/;

/** Whether a moment is there stays; which one it is does not. */
function strip(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, CHANGING.test(name) ? value !== null : value]),
  );
}

function isAbout(payload: Record<string, unknown>, ids: ReadonlySet<string>): boolean {
  return [payload.linkId, payload.paymentId, payload.emailId, payload.paymentIds]
    .flat()
    .some((id) => typeof id === "string" && ids.has(id));
}
