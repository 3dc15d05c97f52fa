import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { linkUrl } from "../../src/links/address.ts";
import { issueLinks } from "../../src/links/issue.ts";
import { moveLink } from "../../src/links/move.ts";
import { lockLink } from "../../src/links/queries.ts";
import { addToBasket, emptyBasket, setBasketAmount } from "../../src/statements/basket.ts";
import { readBasket } from "../../src/statements/read-basket.ts";
import { makeMatter, makeMember } from "../support/world.ts";
import { useLinkStage } from "./stage.ts";

const { stage, read, matter, requestFor, issued, findLink, pay, app, cookieOf, get, post } = useLinkStage();

/** The fields of the form with this action, as they stand on the page. */
function fieldsOf(html: string, action: string): Record<string, string | string[]> {
  const form = parse(html)
    .querySelectorAll("form")
    .find((each) => each.getAttribute("action") === action && each.getAttribute("method") === "post");
  if (!form) throw new Error(`no form to ${action}`);
  const fields: Record<string, string | string[]> = {};
  for (const element of form.querySelectorAll("input, textarea, select")) {
    const name = element.getAttribute("name");
    const type = element.getAttribute("type");
    if (!name || ((type === "checkbox" || type === "radio") && !element.hasAttribute("checked"))) continue;
    const chosen = element.querySelectorAll("option").find((option) => option.hasAttribute("selected"));
    const value =
      element.tagName === "TEXTAREA"
        ? element.text.trim()
        : (chosen?.getAttribute("value") ?? element.getAttribute("value") ?? "");
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

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
    await post("/matters/basket", { do: "spread", spread: "1,000.00" }, member);
    expect(await amounts()).toEqual([90_000n, 10_000n]);
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
    const fields = { ...fieldsOf(await open(member), "/matters/send"), step: "send" };
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

  it("leads back when the basket is empty", async () => {
    await emptyBasket(stage.staff);
    expect((await get("/matters/send", stage.staff)).headers.get("Location")).toBe("/matters");
  });
});

describe("a link's page", () => {
  it("shows the link, its QR code, its lines and its history", async () => {
    const { link, matter: made } = await issued([{ balanceMinor: 90_000n }]);
    const answer = await get(`/links/${link.id}`, stage.staff);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    for (const words of [
      link.reference,
      linkUrl(stage.cx, link),
      String(made.statements[0]?.number),
      "10482-003 Warehouse lease dispute",
      "··4417",
      "Created",
      'class="qr"',
      "Cancel link",
      "Edit expiry",
      "Correct address",
      "Resend",
    ])
      expect(page).toContain(words);
    expect(page).not.toMatch(/\sstyle=/);
  });

  it("shows after a part payment what is left, and one press makes the link for it", async () => {
    const { link, matter: made } = await issued([{ balanceMinor: 90_000n }]);
    await pay(link, [{ statementId: made.statements[0]?.id ?? "", amountMinor: 40_000n }]);
    await withFirm(stage.cx.database, stage.firm.firmId, async (tx) =>
      moveLink(tx, stage.staff, await lockLink(tx, stage.firm.firmId, link.id), "part_paid"),
    );
    const page = await (await get(`/links/${link.id}`, stage.staff)).text();
    for (const words of [
      "$500.00 still owed",
      "$400.00 of $900.00 received",
      "New link for $500.00",
      "Visa ··4242",
    ])
      expect(page).toContain(words);
    expect(page).not.toContain(linkUrl(stage.cx, link));
    const made2 = await post(`/links/${link.id}/successor`, { delivery: "copy" }, stage.staff);
    const successor = await (await get(made2.headers.get("Location") ?? "", stage.staff)).text();
    expect(successor).toContain("$500.00 from");
    expect(successor).toContain(link.reference);
  });

  it("cancels, extends, corrects and resends from its forms", async () => {
    const { link } = await issued();
    const path = `/links/${link.id}`;
    expect((await post(`${path}/resend`, { sendCount: "1" }, stage.staff)).status).toBe(303);
    expect((await findLink(link.id)).send_count).toBe(2);
    const extend = await (await get(`${path}/extend`, stage.staff)).text();
    expect(extend).toContain("Last day to pay");
    const wrong = await post(`${path}/extend`, { expiresOn: "2020-01-01" }, stage.staff);
    expect([wrong.status, (await wrong.text()).includes("Enter today or a later day")]).toEqual([422, true]);
    const correct = fieldsOf(await (await get(`${path}/correct`, stage.staff)).text(), `${path}/correct`);
    const bad = await post(`${path}/correct`, { ...correct, payerEmails: "nobody" }, stage.staff);
    expect([bad.status, (await bad.text()).includes('value="nobody"')]).toEqual([422, true]);
    await post(`${path}/correct`, { ...correct, payerEmails: "ap@okafor.example" }, stage.staff);
    expect((await findLink(link.id)).token_version).toBe(2);
    expect(await (await get(`${path}/cancel`, stage.staff)).text()).toContain("Keep the link");
    await post(`${path}/cancel`, {}, stage.staff);
    expect((await findLink(link.id)).state).toBe("cancelled");
    const late = await post(`${path}/resend`, { sendCount: "3" }, stage.staff);
    expect([late.status, late.headers.get("Location")]).toEqual([303, path]);
  });

  it.each(["", "/cancel", "/extend", "/correct"])("%s is not there for another firm", async (tail) => {
    const { link } = await issued();
    expect((await get(`/links/${link.id}${tail}`, stage.stranger)).status).toBe(404);
    expect((await get(`/links/nonsense${tail}`, stage.staff)).status).toBe(404);
    expect((await get(`/links/${link.id}${tail}`)).status).toBe(401);
  });

  it("refuses a form that another site sent", async () => {
    const { link } = await issued();
    const headers = { Cookie: await cookieOf(stage.staff), "Sec-Fetch-Site": "cross-site" };
    const answer = await app().request(`/links/${link.id}/cancel`, {
      method: "POST",
      headers,
      body: new URLSearchParams(),
    });
    expect(answer.status).toBe(403);
    expect((await findLink(link.id)).state).toBe("outstanding");
  });

  it("leads a request of one link to its page and hides one of another firm", async () => {
    const { link } = await issued();
    expect((await get(`/requests/${link.request_id}`, stage.staff)).headers.get("Location")).toBe(
      `/links/${link.id}`,
    );
    expect((await get(`/requests/${link.request_id}`, stage.stranger)).status).toBe(404);
  });
});

describe("Sent Pages", () => {
  it("lists the newest first, page by page, and back", async () => {
    const member = await makeMember(stage.cx, stage.other.firmId, "staff");
    const made = await makeMatter(stage.cx, stage.other.firmId, [{ balanceMinor: 90_000n }]);
    const references: string[] = [];
    for (let index = 0; index < 27; index++) {
      const lines = [{ statementId: made.statements[0]?.id ?? "", amountMinor: 1_000n + BigInt(index) }];
      const { links } = await issueLinks(member, requestFor(made.statements, { lines }));
      references.unshift(links[0]?.id ?? "");
    }
    const idsOn = (html: string) =>
      [...html.matchAll(/href="\/links\/([0-9a-f-]{36})"/g)].map((match) => match[1]);
    const first = await (await get("/sent", member)).text();
    expect(idsOn(first)).toEqual(references.slice(0, 25));
    expect(first).toContain("<span>27</span>");
    const next = parse(first).querySelector("a[rel=next]")?.getAttribute("href") ?? "";
    const second = await (await get(next, member)).text();
    expect(idsOn(second)).toEqual(references.slice(25));
    const back = parse(second).querySelector("a[rel=prev]")?.getAttribute("href") ?? "";
    expect(idsOn(await (await get(back, member)).text())).toEqual(references.slice(0, 25));
    expect(parse(first).querySelector("a[rel=prev]")).toBeNull();
    expect(parse(second).querySelector("a[rel=next]")).toBeNull();
  });

  it("finds by client, statement, address and reference, and by state", async () => {
    const { link, matter: made } = await issued(undefined, { payerEmails: ["only.here@okafor.example"] });
    for (const word of [
      link.reference.toLowerCase(),
      "only.here",
      String(made.statements[0]?.number),
      "okafor 10482-003",
    ]) {
      const page = await (await get(`/sent?q=${encodeURIComponent(word)}`, stage.staff)).text();
      expect(page).toContain(`/links/${link.id}`);
    }
    const elsewhere = await (await get(`/sent?tab=expired&q=${link.reference}`, stage.staff)).text();
    expect(elsewhere).toContain("No expired links match");
    expect(elsewhere).toContain("Show all 1");
    const nothing = await (await get("/sent?q=%25_%27nothing", stage.staff)).text();
    expect(nothing).toContain("No links match");
  });

  it("shows nothing of another firm", async () => {
    const { link } = await issued();
    const page = await (await get(`/sent?q=${link.reference}`, stage.stranger)).text();
    expect(page).not.toContain(link.id);
  });

  it("leads from a page that is gone to the first", async () => {
    const answer = await get("/sent?after=00000000-0000-4000-8000-000000000000", stage.staff);
    expect(answer.headers.get("Location")).toBe("/sent");
  });
});
