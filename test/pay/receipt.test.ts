import { expect, test } from "vitest";
import type { LinkRow } from "../../src/links/queries.ts";
import { useStage } from "../payments/stage.ts";
import { bank, card } from "../sandbox/processor/stand.ts";

const stage = useStage();

const pageOf = async (link: LinkRow) => await (await stage.app().request(stage.pathOf(link))).text();

async function paid(fields: Record<string, string> = {}): Promise<LinkRow> {
  const link = await stage.makeLink({ partAllowed: true });
  await stage.submit(await stage.begin(link, fields), fields.method === "bank" ? bank() : card());
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
  return link;
}

const change = (link: LinkRow, set: string) =>
  stage.inFirm(`update payment set ${set} where link_id = $1`, [link.id]);

test("a receipt can be come back to, and holds nothing that could be paid", async () => {
  const link = await paid();
  for (let visit = 0; visit < 2; visit++) {
    const page = await pageOf(link);
    for (const text of ["Payment received", "You can print this page", link.reference, "operating account"])
      expect(page).toContain(text);
    expect(page).not.toContain("<form");
  }
});

test("a refund of a part is on the receipt, with what is left of the payment", async () => {
  const link = await paid();
  await change(link, "refunded_minor = 30000");
  const page = await pageOf(link);
  for (const text of [
    "Payment received, refunded in part",
    "refunded $300.00",
    "<dd>$300.00</dd>",
    "<dd>$950.00</dd>",
  ])
    expect(page).toContain(text);
});

test("a payment that was refunded in full is not called received", async () => {
  const link = await paid();
  await change(link, "refunded_minor = amount_minor");
  const page = await pageOf(link);
  expect(page).toContain("<h1>Payment refunded</h1>");
  expect(page).not.toContain("Payment received");
});

test.each([
  ["open", "Payment disputed"],
  ["lost", "Payment returned"],
])("a dispute that is %s heads the receipt", async (dispute, title) => {
  const link = await paid();
  await change(link, `dispute = '${dispute}'`);
  const page = await pageOf(link);
  expect(page).toContain(`<h1>${title}</h1>`);
  expect(page).not.toContain("Payment received");
});

test("a dispute that the firm won leaves the receipt as it was, with a word of it", async () => {
  const link = await paid();
  await change(link, "dispute = 'won'");
  const page = await pageOf(link);
  expect(page).toContain("<h1>Payment received</h1>");
  expect(page).toContain("left it as it was");
});

/** Makes `next` follow `link`, as a successor does. */
const follow = (link: LinkRow, next: LinkRow) =>
  stage.inFirm("update payment_link set predecessor_id = $1 where id = $2", [link.id, next.id]);

test("the old link leads to the newest of the links that followed", async () => {
  const link = await paid({ how: "other", other: "400" });
  const second = await stage.makeLink({ state: "part_paid" });
  const third = await stage.makeLink();
  await follow(link, second);
  await follow(second, third);
  const page = await pageOf(link);
  expect(page).toContain(`class="pay-button" href="http://127.0.0.1:4000${stage.pathOf(third)}"`);
  expect(page).not.toContain(stage.pathOf(second));
});

test.each([
  ["payment_received", "The rest was paid with a newer link"],
  ["processing", "The rest is being paid with a newer link"],
  ["cancelled", "can send a new one for the rest"],
] as const)("when the newest link is %s, the old one says so", async (state, sentence) => {
  const link = await paid({ how: "other", other: "400" });
  await follow(link, await stage.makeLink({ state }));
  expect(await pageOf(link)).toContain(sentence);
});

test("a bank payment that failed is told where it can be paid again", async () => {
  const link = await paid({ method: "bank" });
  expect(await pageOf(link)).toContain("Your bank payment is clearing");
  await change(link, "state = 'failed', failure_reason = 'insufficient funds'");
  await stage.inFirm("update payment_link set state = 'outstanding' where id = $1", [link.id]);
  const page = await pageOf(link);
  expect(page).toContain("Your bank payment of $1,250.00 did not go through");
  expect(page).toContain("Continue to payment");
});

test("a bank account is named in the payer's language", async () => {
  const link = await paid({ method: "bank" });
  const page = await (await stage.app().request(`${stage.pathOf(link)}?lang=fr`)).text();
  expect(page).toMatch(/Compte bancaire ··\d{4}/);
});
