import { describe, expect, it } from "vitest";
import { addToBasket, emptyBasket, setBasketAmount } from "../../src/statements/basket.ts";
import { readBasket } from "../../src/statements/read-basket.ts";
import { makeMember } from "../support/world.ts";
import { fieldsOf } from "./form.ts";
import { useLinkStage } from "./stage.ts";

const { stage, read, matter, get, post } = useLinkStage();

const freshMember = async (wishes: Parameters<typeof matter>[0]) => {
  const member = await makeMember(stage.cx, stage.firm.firmId, "staff", "Tobias Ellery");
  const made = await matter(wishes);
  await addToBasket(
    member,
    made.statements.map((statement) => statement.id),
  );
  return { member, ...made };
};

describe("From matters", () => {
  it("shows what is open, by matter, and puts what is ticked into the basket", async () => {
    const member = await makeMember(stage.cx, stage.firm.firmId, "staff");
    const { statements } = await matter([
      { balanceMinor: 90_000n, dueOn: "2026-01-05" },
      { balanceMinor: 250_000n },
    ]);
    const [first, second] = statements;
    const page = await (await get(`/matters?q=${first?.number}`, member)).text();
    expect(page).toContain("10482-003 Warehouse lease dispute");
    expect(page).toContain("days past due");
    expect(page).toContain("The basket is empty");
    expect(page).not.toContain(String(second?.number));
    const added = await post("/matters/basket/add", { back: "/matters?q=x", item: first?.id ?? "" }, member);
    expect([added.status, added.headers.get("Location")]).toEqual([303, "/matters?q=x"]);
    expect((await readBasket(member)).lines.map((line) => line.statement.id)).toEqual([first?.id]);
  });

  it("takes out of the basket what is no longer ticked on the page", async () => {
    const { member, statements } = await freshMember([{ balanceMinor: 90_000n }, { balanceMinor: 70_000n }]);
    const ids = statements.map((statement) => statement.id);
    await post("/matters/basket/add", { back: "/matters", held: ids, item: ids[1] ?? "" }, member);
    expect((await readBasket(member)).lines.map((line) => line.statement.id)).toEqual([ids[1]]);
  });

  it("keeps typed amounts, spreads a total oldest first and says what is wrong beside its box", async () => {
    const { member, statements } = await freshMember([
      { balanceMinor: 90_000n, dueOn: "2026-10-01" },
      { balanceMinor: 250_000n, dueOn: "2026-11-01" },
    ]);
    const [first, second] = statements.map((statement) => statement.id);
    const amounts = async () => (await readBasket(member)).lines.map((line) => line.amountMinor);
    await post("/matters/basket", { do: "update", [`amount-${second}`]: "100.00", spread: "" }, member);
    expect(await amounts()).toEqual([90_000n, 10_000n]);
    await post("/matters/basket", { do: "spread", spread: "1,500.00" }, member);
    expect(await amounts()).toEqual([90_000n, 60_000n]);
    const wrong = await post(
      "/matters/basket",
      { do: "update", [`amount-${first}`]: "twelve", spread: "" },
      member,
    );
    expect(wrong.status).toBe(422);
    const page = await wrong.text();
    expect(page).toContain("Enter the amount in figures, like 1,250.00");
    expect(page).toContain('value="twelve"');
    const above = await post("/matters/basket", { do: "spread", spread: "99,000" }, member);
    expect(await above.text()).toContain("Enter $3,400.00 or less");
  });

  it("removes a line and empties the basket", async () => {
    const { member, statements } = await freshMember([{ balanceMinor: 90_000n }, { balanceMinor: 70_000n }]);
    await post("/matters/basket", { remove: statements[0]?.id ?? "" }, member);
    expect((await readBasket(member)).lines).toHaveLength(1);
    await post("/matters/basket", { do: "empty" }, member);
    expect((await readBasket(member)).lines).toEqual([]);
  });

  it("shows both accounts with their sums and says that they make two links", async () => {
    const { member } = await freshMember([
      { balanceMinor: 90_000n },
      { balanceMinor: 500_000n, kind: "trust_request" },
    ]);
    const page = await (await get("/matters", member)).text();
    for (const words of ["··4417", "··8820", "$5,900.00", "Two accounts: one email with two links"])
      expect(page).toContain(words);
  });

  it("says how old the figures are and offers to read them now, and then comes back here", async () => {
    const { member } = await freshMember([{ balanceMinor: 90_000n }]);
    const page = await (await get("/matters?q=lease", member)).text();
    expect(page).toMatch(/not read yet[\s\S]*Read now/);
    expect(page).toMatch(
      /action="\/connections\/[0-9a-f-]{36}\/sync"[\s\S]{0,200}value="\/matters\?q=lease"/,
    );
  });

  it("opens the search of a matter that the panel names", async () => {
    const { matterId } = await matter([{ balanceMinor: 90_000n }]);
    const answer = await get(`/matters?matter=${matterId}`, stage.staff);
    expect(answer.headers.get("Location")).toBe("/matters?q=10482-003");
  });
});

describe("sending from the basket", () => {
  const open = async (member: typeof stage.staff) => {
    const basket = fieldsOf(await (await get("/matters", member)).text(), "/matters/basket");
    const next = await post("/matters/basket", { ...basket, do: "continue" }, member);
    return await (await get(next.headers.get("Location") ?? "", member)).text();
  };

  it("goes from the basket over the message and the review to the link", async () => {
    const { member } = await freshMember([{ balanceMinor: 90_000n }]);
    const compose = await open(member);
    expect(compose).toContain("Adaeze Okafor");
    expect(compose).toContain("Thank you for trusting Marlow Keane LLP");
    const review = await post(
      "/matters/send",
      { ...fieldsOf(compose, "/matters/send"), step: "review" },
      member,
    );
    expect(review.status).toBe(200);
    const text = await review.text();
    expect(text).toContain("Send request for $900.00");
    const sent = await post("/matters/send", { ...fieldsOf(text, "/matters/send"), step: "send" }, member);
    expect(sent.status).toBe(303);
    const request = await get(sent.headers.get("Location") ?? "", member);
    expect(request.status).toBe(303);
    const link = await get(request.headers.get("Location") ?? "", member);
    expect(await link.text()).toContain("$900.00 from Okafor Logistics, Inc.");
    expect((await readBasket(member)).lines).toEqual([]);
  });

  it("sends once for two presses of the last button", async () => {
    const { member } = await freshMember([{ balanceMinor: 90_000n }]);
    const fields: Record<string, string | string[]> = {
      ...fieldsOf(await open(member), "/matters/send"),
      step: "send",
    };
    const answers = await Promise.all([1, 2].map(() => post("/matters/send", fields, member)));
    expect(new Set(answers.map((answer) => answer.headers.get("Location"))).size).toBe(1);
    const count = await read((tx) =>
      tx.selectFrom("payment_link").select("id").where("request_id", "=", String(fields.formId)).execute(),
    );
    expect(count).toHaveLength(1);
  });

  it("comes back with everything typed when something is wrong, and again on Change", async () => {
    const { member } = await freshMember([{ balanceMinor: 90_000n }]);
    const fields = fieldsOf(await open(member), "/matters/send");
    const typed = {
      ...fields,
      payerName: "Ana Ruiz",
      payerEmails: "nobody",
      message: "Hello & thanks",
      step: "review",
    };
    const wrong = await post("/matters/send", typed, member);
    expect(wrong.status).toBe(422);
    const page = await wrong.text();
    for (const words of [
      "<title>Error: ",
      "Ana Ruiz",
      'value="nobody"',
      "Hello &amp; thanks",
      'href="#payerEmails"',
    ])
      expect(page).toContain(words);
    const changed = await post(
      "/matters/send",
      { ...typed, payerEmails: "ana@ruiz.example", step: "edit" },
      member,
    );
    expect(changed.status).toBe(200);
    expect(await changed.text()).toContain("ana@ruiz.example");
  });

  it("asks for the member's word above the balance", async () => {
    const { member, statements } = await freshMember([{ balanceMinor: 90_000n }]);
    await setBasketAmount(member, { statementId: statements[0]?.id ?? "", amountMinor: 100_000n });
    const fields = fieldsOf(await open(member), "/matters/send");
    const refused = await post("/matters/send", { ...fields, step: "review" }, member);
    expect(refused.status).toBe(422);
    const confirmed = await post(
      "/matters/send",
      { ...fields, step: "review", confirmAboveBalance: "on" },
      member,
    );
    expect(await confirmed.text()).toContain("$1,000.00");
  });

  it("does not send when a balance moved after the review", async () => {
    const { member, statements } = await freshMember([{ balanceMinor: 90_000n }]);
    const fields = fieldsOf(await open(member), "/matters/send");
    await read((tx) =>
      tx
        .updateTable("statement")
        .set({ balance_minor: 95_000n })
        .where("id", "=", statements[0]?.id ?? "")
        .execute(),
    );
    const answer = await post("/matters/send", { ...fields, step: "send" }, member);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("A balance changed while you were writing");
  });

  it("warns before two accounts make two links, and lists both afterwards", async () => {
    const { member } = await freshMember([
      { balanceMinor: 90_000n },
      { balanceMinor: 500_000n, kind: "trust_request" },
    ]);
    const compose = await open(member);
    expect(compose).toContain("Two accounts, two links.");
    const sent = await post("/matters/send", { ...fieldsOf(compose, "/matters/send"), step: "send" }, member);
    const page = await (await get(sent.headers.get("Location") ?? "", member)).text();
    expect(page).toContain("Two links, one for each account");
    expect(page.match(/\/p\/[\w-]{64}/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it("lets the payer of a trust request pay another amount only where its sender ticked that, through the review", async () => {
    const { member } = await freshMember([{ balanceMinor: 500_000n, kind: "trust_request" }]);
    const compose = await open(member);
    expect(compose).toContain("The payer may pay another amount into trust");
    const typed = { ...fieldsOf(compose, "/matters/send"), trustPart: "on" };
    const review = await (await post("/matters/send", { ...typed, step: "review" }, member)).text();
    expect(review).toContain("The payer may pay another amount");
    await post("/matters/send", { ...fieldsOf(review, "/matters/send"), step: "send" }, member);
    const links = await read((tx) =>
      tx
        .selectFrom("payment_link")
        .select(["account_kind", "part_payment_allowed"])
        .where("created_by", "=", member.actor.id)
        .execute(),
    );
    expect(links).toEqual([{ account_kind: "trust", part_payment_allowed: true }]);
    const invoices = await freshMember([{ balanceMinor: 90_000n }]);
    expect(await open(invoices.member)).not.toContain("another amount into trust");
  });

  it("leads back when the basket is empty", async () => {
    await emptyBasket(stage.staff);
    expect((await get("/matters/send", stage.staff)).headers.get("Location")).toBe("/matters");
  });
});
