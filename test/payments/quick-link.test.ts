import { beforeEach, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { linkRoutes } from "../../src/links/routes.tsx";
import { postingJobs } from "../../src/postings/jobs.ts";
import { findScope } from "../../src/web/session.ts";
import { FIRST_TRY } from "../postings/desk-jobs.ts";
import { card } from "../sandbox/processor/stand.ts";
import { makeFakeSystem } from "../support/fake-connector.ts";
import { cookieFor } from "../support/requests.ts";
import { makeMatter, waitingJobs } from "../support/world.ts";
import { useStage } from "./stage.ts";

const stage = useStage();

beforeEach(() => stage.handled.splice(0));

/** Quick Link's form, sent by a member. Returns the link that it makes. */
async function sendForm(fields: Record<string, string>): Promise<LinkRow> {
  const app = stage.app();
  app.use(async (c, next) => {
    c.set("scope", await findScope(c));
    await next();
  });
  app.route("/", linkRoutes);
  const body = new URLSearchParams({
    formId: newId(),
    accountId: stage.stage.firm.operatingAccountId,
    amount: "400.00",
    description: "Advice on the lease",
    payerName: "Elena Vasquez",
    payerEmails: "elena@vasquezmail.example",
    delivery: "email",
    ...fields,
  });
  const headers = { Cookie: await cookieFor(stage.stage.staff), "Sec-Fetch-Site": "same-origin" };
  const answer = await app.request("/quick", { method: "POST", headers, body });
  expect(answer.status).toBe(303);
  return await stage.link(answer.headers.get("Location")?.split("/").at(-1) ?? "");
}

/** The payer pays the whole by card, the processor tells us, and the postings are prepared and written. */
async function payAndPost(link: LinkRow) {
  const system = makeFakeSystem();
  const registration = { origin: "http://localhost:4999", clientId: "client", clientSecret: "secret" };
  const cx: Context = {
    ...stage.stage.cx,
    connectors: new Map([["docket", { connector: system.connector, registration }]]),
  };
  const { firmId, processorAccounts } = stage.stage.firm;
  await stage.submit(await stage.begin(link), card());
  const account = link.account_kind === "trust" ? processorAccounts.trust : processorAccounts.operating;
  for (const event of await stage.events(account)) await stage.deliver(event);
  await stage.drain();
  const [payment] = await stage.payments(link.id);
  const paymentId = payment?.id ?? "";
  await postingJobs["postings.prepare"](cx, { firmId, paymentIds: [paymentId] });
  const [posting] = await stage.read((tx) =>
    tx.selectFrom("posting").selectAll().where("payment_id", "=", paymentId).execute(),
  );
  if (!posting) throw new Error("the payment has no posting");
  const { connection_id: connectionId } = posting;
  const isDue = (await waitingJobs(stage.box)).some((job) => job.payload.connectionId === connectionId);
  if (isDue && connectionId !== null)
    await postingJobs["postings.write"](cx, { firmId, connectionId }, FIRST_TRY);
  return { posting, ledger: system.ledger };
}

test("a Quick Link is sent, paid, and written on the statement whose number it named", async () => {
  const { statements } = await makeMatter(stage.stage.cx, stage.stage.firm.firmId, [
    { balanceMinor: 90_000n },
  ]);
  const [statement] = statements;
  const link = await sendForm({ invoiceNumber: statement?.number ?? "" });
  const page = await (await stage.app().request(stage.pathOf(link))).text();
  expect(page).toContain("Advice on the lease");
  expect(page).toContain("$400.00");
  const { posting, ledger } = await payAndPost(link);
  expect(posting).toMatchObject({ kind: "payment", statement_id: statement?.id, amount_minor: 40_000n });
  expect(ledger).toMatchObject([{ statementExternalId: statement?.externalId, amountMinor: 40_000n }]);
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect(await stage.audit(link.id)).toEqual(
    expect.arrayContaining(["link.issued", "payment.received", "payment.matched", "posting.posted"]),
  );
});

test("a Quick Link without a number is paid and waits for a bookkeeper", async () => {
  const { posting, ledger } = await payAndPost(await sendForm({}));
  expect(posting).toMatchObject({ state: "needs_attention", problem: "no_statement", statement_id: null });
  expect(ledger).toEqual([]);
});

test("a Quick Link into trust says so to its payer, and its money waits though its number is known", async () => {
  const { statements } = await makeMatter(stage.stage.cx, stage.stage.firm.firmId, [
    { balanceMinor: 40_000n, kind: "trust_request" },
  ]);
  const number = statements[0]?.number ?? "";
  const link = await sendForm({
    accountId: stage.stage.firm.trustAccountId,
    invoiceNumber: number,
  });
  expect(await (await stage.app().request(stage.pathOf(link))).text()).toMatch(/trust account/i);
  const { posting, ledger } = await payAndPost(link);
  expect(posting).toMatchObject({ kind: "trust_deposit", state: "needs_attention", statement_id: null });
  expect(posting.problem_text).toContain(`Trust request ${number} of matter`);
  expect(ledger).toEqual([]);
});
