import { Hono } from "hono";
import { beforeAll } from "vitest";
import { Problem, statusOf } from "../../src/base/error.ts";
import { newId } from "../../src/base/id.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { Tx } from "../../src/db/tx.ts";
import { deliveryRoutes } from "../../src/delivery/routes.tsx";
import { issueLinks } from "../../src/links/issue.ts";
import { moveLink } from "../../src/links/move.ts";
import { type LinkRow, lockLink } from "../../src/links/queries.ts";
import { linkRoutes } from "../../src/links/routes.tsx";
import type { LinkState } from "../../src/links/state.ts";
import type { WebEnv } from "../../src/web/env.ts";
import { identify, refuseForeignForms, secureHeaders } from "../../src/web/guard.ts";
import { findScope, startSession } from "../../src/web/session.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import type { TestMatter } from "../support/matter-rows.ts";
import {
  keepingLog,
  makeFirm,
  makeMatter,
  makeMember,
  type TestFirm,
  testContext,
  waitingJobs,
} from "../support/world.ts";

type StatementWish = { balanceMinor: bigint; kind?: "invoice" | "trust_request"; dueOn?: string };

/** A firm with a member of staff, another firm, and the routes of links and delivery in front of them. */
export function useLinkStage(given: Partial<Context> = {}) {
  const box = useDatabase();
  const clock = { aheadMs: 0 };
  const log = keepingLog();
  const stage = {} as {
    cx: Context;
    firm: TestFirm;
    staff: MemberContext;
    other: TestFirm;
    stranger: MemberContext;
  };
  beforeAll(async () => {
    stage.cx = testContext(box, { log, now: () => new Date(Date.now() + clock.aheadMs), ...given });
    stage.firm = await makeFirm(stage.cx);
    stage.staff = await makeMember(stage.cx, stage.firm.firmId, "staff");
    stage.other = await makeFirm(stage.cx, "Hale & Brandt LLP");
    stage.stranger = await makeMember(stage.cx, stage.other.firmId, "admin");
  });

  const read = <Result>(work: (tx: Tx) => Promise<Result>) =>
    withFirm(stage.cx.database, stage.firm.firmId, work);

  /** Open statements of one new matter. */
  const matter = (wishes: StatementWish[]): Promise<TestMatter> =>
    makeMatter(stage.cx, stage.firm.firmId, wishes);

  /** A request for the whole balance of statements, ready to be changed. */
  function requestFor(
    statements: TestMatter["statements"],
    change: Partial<Parameters<typeof issueLinks>[1]> = {},
  ) {
    return {
      formId: newId(),
      lines: statements.map((statement) => ({
        statementId: statement.id,
        amountMinor: statement.balanceMinor,
      })),
      payerName: "Adaeze Okafor",
      payerEmails: ["a.okafor@okaforlogistics.example"],
      message: "",
      delivery: "email" as const,
      ...change,
    };
  }

  /** A link that was issued for one invoice, with its matter. */
  async function issued(
    wishes: StatementWish[] = [{ balanceMinor: 125_000n }],
    change: Partial<Parameters<typeof issueLinks>[1]> = {},
  ): Promise<{ link: LinkRow; links: LinkRow[]; matter: TestMatter }> {
    const made = await matter(wishes);
    const { links } = await issueLinks(stage.staff, requestFor(made.statements, change));
    const [link] = links;
    if (!link) throw new Error("no link was issued");
    return { link, links, matter: made };
  }

  const findLink = (id: string): Promise<LinkRow> =>
    read((tx) => tx.selectFrom("payment_link").selectAll().where("id", "=", id).executeTakeFirstOrThrow());

  const auditOf = (linkId: string) =>
    read((tx) =>
      tx.selectFrom("audit_event").selectAll().where("link_id", "=", linkId).orderBy("id").execute(),
    );

  const bring = (linkId: string, to: LinkState) =>
    read(async (tx) => moveLink(tx, stage.staff, await lockLink(tx, stage.firm.firmId, linkId), to));

  /** A payment of a link that succeeded, laid on its statements as given. */
  async function pay(
    link: LinkRow,
    parts: { statementId: string | null; amountMinor: bigint }[],
  ): Promise<string> {
    const paymentId = newId();
    const amount = parts.reduce((sum, part) => sum + part.amountMinor, 0n);
    await read(async (tx) => {
      await tx
        .insertInto("payment")
        .values({
          firm_id: link.firm_id,
          id: paymentId,
          reference: `PAY-${paymentId.slice(0, 8)}`,
          link_id: link.id,
          merchant_account_id: link.merchant_account_id,
          account_kind: link.account_kind,
          processor_account: stage.firm.processorAccounts.operating,
          payment_intent_id: `pi_${paymentId}`,
          state: "succeeded",
          amount_minor: amount,
          currency: link.currency,
          method: "card",
          method_label: "Visa ··4242",
          payer_name: link.payer_name,
          payer_email: link.payer_emails[0] ?? null,
          received_at: new Date(),
        })
        .execute();
      await tx
        .insertInto("payment_allocation")
        .values(
          parts.map((part, position) => ({
            firm_id: link.firm_id,
            id: newId(),
            payment_id: paymentId,
            statement_id: part.statementId,
            position,
            amount_minor: part.amountMinor,
          })),
        )
        .execute();
    });
    return paymentId;
  }

  /** The cookie of a member's session. */
  async function cookieOf(member: MemberContext, kind: "direct" | "embed" = "direct"): Promise<string> {
    const secret = await withFirm(stage.cx.database, member.firmId, (tx) =>
      startSession(tx, { firmId: member.firmId, memberId: member.actor.id, kind, now: stage.cx.now() }),
    );
    return `${kind === "embed" ? "sfp_panel" : "sfp_session"}=${secret}`;
  }

  const app = () => appOf(stage.cx);

  const get = async (path: string, member?: MemberContext, kind?: "direct" | "embed") =>
    app().request(path, { headers: member ? { Cookie: await cookieOf(member, kind) } : {} });

  const post = async (
    path: string,
    fields: Record<string, string | string[]>,
    member?: MemberContext,
    kind?: "direct" | "embed",
  ) => {
    const body = new URLSearchParams();
    for (const [name, values] of Object.entries(fields))
      for (const value of [values].flat()) body.append(name, value);
    const headers = {
      "Sec-Fetch-Site": "same-origin",
      ...(member ? { Cookie: await cookieOf(member, kind) } : {}),
    };
    return app().request(path, { method: "POST", body, headers });
  };

  const jobs = async (name: string) => (await waitingJobs(box)).filter((job) => job.name === name);
  const forgetJobs = () => asOwner(box, "delete from graphile_worker._private_jobs");
  const checkoutJobs = async (linkId: string) =>
    (await jobs("pay.expireCheckouts")).filter((job) => job.payload.linkId === linkId);
  const requestJobs = async (requestId: string) =>
    (await jobs("delivery.request")).filter((job) => job.payload.requestId === requestId);

  return {
    box,
    stage,
    clock,
    log,
    read,
    matter,
    requestFor,
    issued,
    findLink,
    auditOf,
    bring,
    pay,
    cookieOf,
    app,
    get,
    post,
    jobs,
    checkoutJobs,
    requestJobs,
    forgetJobs,
  };
}

/** The routes behind the middleware of the service. */
export function appOf(cx: Context): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    c.set("cx", cx);
    await next();
  });
  app.use(identify, secureHeaders);
  app.use(async (c, next) => {
    if (!/^\/(hooks|embed\/launch)\//.test(c.req.path)) return await refuseForeignForms(c, next);
    await next();
  });
  app.use(async (c, next) => {
    c.set("scope", await findScope(c));
    await next();
  });
  app.route("/", linkRoutes);
  app.route("/", deliveryRoutes);
  app.onError((error, c) => {
    if (error instanceof Problem) return c.text(error.message, statusOf(error.code));
    throw error;
  });
  return app;
}

/** The problem that a piece of work ends in. Fails when it ends in none. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw new Error(`no problem but ${String(error)}`);
  return error;
}

/** The code of the Problem with which some work fails, `none` where it goes through, else what was thrown. */
export function problemCode(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "none",
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );
}
