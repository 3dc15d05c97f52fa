import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { formatMoney } from "../../src/base/money.ts";
import { begin } from "../../src/pay/begin.ts";
import { wordsFor } from "../../src/pay/words.ts";
import { useStage } from "../payments/stage.ts";
import { card } from "../sandbox/processor/stand.ts";
import { TEST_ORIGIN } from "../support/world.ts";

const stage = useStage();
const VOICE = {
  language: "en",
  words: wordsFor("en"),
  money: (minor: bigint) => formatMoney({ minor, currency: "USD" }),
} as const;
const FORM = { how: "full", method: "card", receipt: "" };

const open = async (linkId: string) =>
  (await stage.sessions(linkId)).filter(({ status }) => status === "open").map(({ id }) => id);

test("the payer is led to the processor's page, made with what was asked", async () => {
  const link = await stage.makeLink();
  const response = await stage.post(stage.pathOf(link), { ...FORM, receipt: "adaeze@okafor.example" });
  expect(response.status).toBe(303);
  expect(response.headers.get("Content-Security-Policy")).not.toContain("unsafe");
  const [session] = await stage.sessions(link.id);
  const [checkout] = await stage.checkouts(link.id);
  expect(response.headers.get("Location")).toBe(session?.url);
  expect(session).toMatchObject({
    amount_total: 125_000,
    customer_email: "adaeze@okafor.example",
    client_reference_id: checkout?.id,
    submit_type: "pay",
    cancel_url: `${TEST_ORIGIN}${stage.pathOf(link)}`,
    success_url: `${TEST_ORIGIN}${stage.pathOf(link)}/back?checkout=${checkout?.id}`,
    metadata: { firm_id: stage.stage.firm.firmId, link_id: link.id, checkout_id: checkout?.id },
  });
  expect(checkout).toMatchObject({ state: "open", session_id: session?.id, amount_minor: 125_000n });
});

test.each([
  [{ method: "" }, "Choose how you will pay"],
  [{ method: "cheque" }, "Choose how you will pay"],
  [{ receipt: "nobody" }, "Enter an email address like name@example.com, or leave it empty"],
  [{ how: "other", other: "" }, "Enter the amount"],
  [{ how: "other", other: "12.345" }, "Enter the amount with at most two decimals, like 1,250.00"],
  [{ how: "other", other: "49.99" }, "Enter at least $50.00"],
  [{ how: "other", other: "1250.01" }, "Enter no more than $1,250.00"],
  [{ how: "half" }, "Choose whether to pay the full amount"],
])("%j is refused with a sentence and what was typed", async (change, sentence) => {
  const link = await stage.makeLink({ partAllowed: true, leastMinor: 5_000n });
  const response = await stage.post(stage.pathOf(link), { ...FORM, ...change });
  expect(response.status).toBe(422);
  const page = await response.text();
  expect(page).toContain(sentence);
  expect(page).toContain("There is a problem");
  expect(page).toContain("<title>Error: ");
  for (const typed of Object.values(change)) if (/\d|@/.test(typed)) expect(page).toContain(typed);
  expect(await stage.checkouts(link.id)).toEqual([]);
});

test("another amount is refused where the link asks for the whole", async () => {
  const link = await stage.makeLink();
  const response = await stage.post(stage.pathOf(link), { ...FORM, how: "other", other: "10" });
  expect(response.status).toBe(422);
});

test("a method that the account does not take is refused and not offered", async () => {
  const link = await stage.makeLink();
  await stage.inFirm("update merchant_account set methods = '{card}'");
  try {
    expect((await stage.post(stage.pathOf(link), { ...FORM, method: "bank" })).status).toBe(422);
    const page = await (await stage.app().request(stage.pathOf(link))).text();
    expect(page).toContain("You pay by card.");
    expect(page).not.toContain("Bank account");
  } finally {
    await stage.inFirm("update merchant_account set methods = '{card,bank_debit}'");
  }
});

test("an account that was put away takes no payment", async () => {
  const link = await stage.makeLink({ isTrust: true });
  await stage.inFirm(
    "update merchant_account set archived_at = now(), is_default = false where kind = 'trust'",
  );
  try {
    const response = await stage.post(stage.pathOf(link), FORM);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("ask the firm for a new link");
  } finally {
    await stage.inFirm(
      "update merchant_account set archived_at = null, is_default = true where kind = 'trust'",
    );
  }
});

test("a form of another site is refused", async () => {
  const link = await stage.makeLink();
  const response = await stage.app().request(stage.pathOf(link), {
    method: "POST",
    body: new URLSearchParams(FORM),
    headers: { Origin: "https://elsewhere.example" },
  });
  expect(response.status).toBe(403);
  expect(await stage.checkouts(link.id)).toEqual([]);
});

test("the same wish again leads to the same page", async () => {
  const link = await stage.makeLink();
  const first = await stage.begin(link);
  expect(await stage.begin(link)).toBe(first);
  expect(await stage.sessions(link.id)).toHaveLength(1);
});

test("another amount in another tab closes the first page before the second is made", async () => {
  const link = await stage.makeLink({ partAllowed: true });
  const first = await stage.begin(link);
  const second = await stage.begin(link, { how: "other", other: "100" });
  expect(second).not.toBe(first);
  expect((await stage.submit(first, card())).status).toBe(409);
  expect((await stage.submit(second, card())).status).toBe(303);
  expect((await stage.checkouts(link.id)).map(({ state }) => state)).toEqual(["expired", "open"]);
});

test("a page that was paid a moment ago is not replaced by another", async () => {
  const link = await stage.makeLink({ partAllowed: true });
  await stage.submit(await stage.begin(link), card());
  const [checkout] = await stage.checkouts(link.id);
  const back = `${stage.pathOf(link)}/back?checkout=${checkout?.id}`;
  for (const fields of [FORM, { ...FORM, how: "other", other: "100" }]) {
    const response = await stage.post(stage.pathOf(link), fields);
    expect([response.status, response.headers.get("Location")]).toEqual([303, back]);
  }
  expect(await stage.sessions(link.id)).toHaveLength(1);
  await stage.drain();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
});

test("twenty forms at once leave one page that can be paid, and one payment", async () => {
  const link = await stage.makeLink({ partAllowed: true });
  const amounts = ["100", "200", "300", "400"];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      stage.post(stage.pathOf(link), {
        ...FORM,
        ...(index % 2 === 0 ? {} : { how: "other", other: amounts[index % 4] ?? "" }),
      }),
    ),
  );
  expect(
    [...new Set(answers.map(({ status }) => status))].filter((status) => ![303, 409].includes(status)),
  ).toEqual([]);
  expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThan(0);
  const payable = await open(link.id);
  expect(payable.length).toBeLessThanOrEqual(1);
  expect((await stage.checkouts(link.id)).filter(({ state }) => state === "preparing")).toEqual([]);
  const pages = [...new Set(answers.map((answer) => answer.headers.get("Location") ?? ""))];
  for (const page of pages.filter((url) => url.startsWith("http"))) await stage.submit(page, card());
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
  const payments = await stage.payments(link.id);
  expect(payments).toHaveLength(payable.length);
});

test("a double click is one page", async () => {
  const link = await stage.makeLink();
  const urls = await Promise.all([stage.begin(link), stage.begin(link)]);
  expect(new Set(urls).size).toBe(1);
  expect(await stage.sessions(link.id)).toHaveLength(1);
});

test.each([
  ["paid", "state = 'paid', balance_minor = 0"],
  ["void", "state = 'void'"],
  ["deleted", "deleted_at = now()"],
  ["lower than what is asked", "balance_minor = 100"],
])("a statement that is %s meanwhile stops the payment and is told to the firm", async (_name, change) => {
  const link = await stage.makeLink({ statements: [50_000n, 75_000n] });
  await stage.inFirm(
    `update statement set ${change} where id = (select statement_id from link_allocation where link_id = $1 and position = 1)`,
    [link.id],
  );
  const response = await stage.post(stage.pathOf(link), FORM);
  expect(response.status).toBe(409);
  const page = await response.text();
  expect(page).toContain("This request has changed");
  expect(page).toContain("(312) 555-0142");
  expect((await stage.link(link.id)).tried_reason).toMatch(
    /^Statement \w+ changed since the link was sent\.$/,
  );
  expect(await stage.checkouts(link.id)).toEqual([]);
});

test.each(["cancelled", "expired", "payment_received", "part_paid", "processing"] as const)(
  "a link that is %s begins nothing",
  async (state) => {
    const link = await stage.makeLink({ state });
    const response = await stage.post(stage.pathOf(link), FORM);
    expect([response.status, response.headers.get("Location")]).toEqual([303, stage.pathOf(link)]);
    expect(await stage.sessions(link.id)).toEqual([]);
  },
);

test("a link whose time ran out a moment ago begins nothing", async () => {
  const link = await stage.makeLink({ expiresAt: new Date(Date.now() - 1_000) });
  expect((await stage.post(stage.pathOf(link), FORM)).headers.get("Location")).toBe(stage.pathOf(link));
  expect(await (await stage.app().request(stage.pathOf(link))).text()).toContain("has expired");
});

test("a page that ran out at the processor is replaced", async () => {
  const link = await stage.makeLink();
  const first = await stage.begin(link);
  const [session] = await stage.sessions(link.id);
  const stripeAccount = stage.stage.firm.processorAccounts.operating;
  await stage.stripe().checkout.sessions.expire(session?.id ?? "", {}, { stripeAccount });
  expect(await stage.begin(link)).not.toBe(first);
  expect((await stage.checkouts(link.id)).map(({ state }) => state)).toEqual(["expired", "open"]);
});

test("a page with no time left is replaced", async () => {
  const link = await stage.makeLink();
  const first = await stage.begin(link);
  stage.clock.aheadMs = 2 * 3_600_000 - 60_000;
  expect(await stage.begin(link)).not.toBe(first);
  expect(await open(link.id)).toHaveLength(1);
});

test("another firm cannot begin a payment of the link", async () => {
  const link = await stage.makeLink();
  const stranger = {
    ...stage.stage.cx,
    firmId: stage.stage.other.firmId,
    actor: { kind: "payer", name: "Nobody" } as const,
    requestId: newId(),
  };
  const typed = { how: "full", other: "", method: "card", receipt: "" };
  await expect(begin(stranger, { linkId: link.id, voice: VOICE, typed })).rejects.toMatchObject({
    code: "not_found",
  });
});
