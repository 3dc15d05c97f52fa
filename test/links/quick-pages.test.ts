import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { makeMember } from "../support/world.ts";
import { fieldsOf } from "./form.ts";
import { dayAhead, useQuickStage } from "./quick-stage.ts";

const { stage, app, cookieOf, read, get, post, issueQuick, requestJobs } = useQuickStage();

/** The form as a member finds it, with what the member then types. */
async function openForm(change: Record<string, string> = {}) {
  const fields = fieldsOf(await (await get("/quick", stage.staff)).text(), "/quick");
  return {
    ...fields,
    accountId: stage.firm.operatingAccountId,
    amount: "1,250.00",
    description: "Advice on the lease",
    payerName: "Elena Vasquez",
    payerEmails: "elena@vasquezmail.example, ines@vasquezmail.example",
    ...change,
  } as Record<string, string>;
}

describe("the page", () => {
  it("offers each account with its kind and digits, and chooses none", async () => {
    const page = parse(await (await get("/quick", stage.staff)).text());
    const choices = page.querySelectorAll('input[name="accountId"]');
    expect(choices.map((choice) => choice.getAttribute("value")).sort()).toEqual(
      [stage.firm.operatingAccountId, stage.firm.trustAccountId].sort(),
    );
    expect(choices.some((choice) => choice.hasAttribute("checked"))).toBe(false);
    expect(page.querySelectorAll(".choice .account").map((badge) => badge.text.trim())).toEqual([
      "Trust ··8820",
      "Operating ··4417",
    ]);
    expect(page.querySelector('nav [aria-current="page"]')?.text.trim()).toBe("Quick Link");
  });

  it("starts the message with the firm's own words", async () => {
    const fields = fieldsOf(await (await get("/quick", stage.staff)).text(), "/quick");
    expect(fields.message).toContain("Your payment is due on {due date}.");
  });

  it("is closed to who is signed out", async () => {
    expect((await get("/quick")).status).toBe(401);
    expect((await post("/quick", {})).status).toBe(401);
    expect((await post("/quick/preview", {})).status).toBe(401);
  });

  it("says who can help where no account receives money", async () => {
    const archive = (archived_at: Date | null) =>
      withFirm(stage.cx.database, stage.other.firmId, (tx) =>
        tx.updateTable("merchant_account").set({ archived_at }).execute(),
      );
    await archive(new Date());
    const page = await (await get("/quick", stage.stranger)).text();
    await archive(null);
    expect(page).toContain("No account can receive money yet");
    expect(page).not.toContain("Send link");
  });

  it("shows the only account without asking", async () => {
    const archive = (archived_at: Date | null) =>
      withFirm(stage.cx.database, stage.other.firmId, (tx) =>
        tx
          .updateTable("merchant_account")
          .set({ archived_at })
          .where("id", "=", stage.other.operatingAccountId)
          .execute(),
      );
    await archive(new Date());
    const page = parse(await (await get("/quick", stage.stranger)).text());
    await archive(null);
    expect(page.querySelectorAll('input[name="accountId"]')).toEqual([]);
    expect(page.querySelector("form .account")?.text.trim()).toBe("Trust ··8820");
  });
});

describe("sending", () => {
  it("makes the link, enqueues its email and leads to the link's page", async () => {
    const fields = await openForm({ invoiceNumber: "20391", dueOn: dayAhead(7) });
    const answer = await post("/quick", fields, stage.staff);
    expect(answer.status).toBe(303);
    const location = answer.headers.get("Location") ?? "";
    expect(location).toMatch(/^\/links\/[0-9a-f-]{36}$/);
    expect(await requestJobs(fields.formId ?? "")).toHaveLength(1);
    const page = await (await get(location, stage.staff)).text();
    for (const words of ["$1,250.00 from Elena Vasquez", "Advice on the lease", "20391", "ines@vasquezmail"])
      expect(page).toContain(words);
  });

  it("makes one link of a form that comes twice", async () => {
    const fields = await openForm();
    const [one, two] = await Promise.all([
      post("/quick", fields, stage.staff),
      post("/quick", fields, stage.staff),
    ]);
    expect(two.headers.get("Location")).toBe(one.headers.get("Location"));
    expect(await requestJobs(fields.formId ?? "")).toHaveLength(1);
  });

  it("lets the sender copy it: address and QR code are on the link's page, and nothing is emailed", async () => {
    // The boxes of the email are out of sight then: what they hold is neither checked nor kept.
    const fields = await openForm({
      delivery: "copy",
      payerEmails: "half an addr",
      message: "www.x.example",
    });
    const answer = await post("/quick", fields, stage.staff);
    expect(answer.status).toBe(303);
    expect(await requestJobs(fields.formId ?? "")).toEqual([]);
    const page = parse(await (await get(answer.headers.get("Location") ?? "", stage.staff)).text());
    expect(page.querySelector("svg.qr")).not.toBeNull();
    expect(page.querySelector("#link-address")?.parentNode?.parentNode?.text).toContain("/p/");
    const link = await read((tx) =>
      tx
        .selectFrom("payment_link")
        .selectAll()
        .where("request_id", "=", fields.formId ?? "")
        .executeTakeFirstOrThrow(),
    );
    expect(link).toMatchObject({ payer_emails: [], delivery: "not_emailed" });
    expect(link.message).toContain("Thank you for trusting Marlow Keane LLP");
  });

  it("comes back with every fault in the summary and beside its box, and keeps what was typed", async () => {
    const fields = await openForm({
      amount: "0.00",
      dueOn: "2020-10-30",
      payerEmails: "elena.vasquez.example",
    });
    const answer = await post("/quick", fields, stage.staff);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    const page = parse(html);
    expect(page.querySelector("title")?.text).toMatch(/^Error: Quick Link/);
    expect(page.querySelector(".error-summary h2")?.text).toBe("There is a problem with 3 answers");
    const lines = page.querySelectorAll(".error-summary a");
    expect(lines.map((line) => [line.getAttribute("href"), line.text])).toEqual([
      ["#amount", "Enter an amount of at least $0.50"],
      ["#dueOn", "Due date must be today or later"],
      ["#payerEmails", "Enter each email address like name@example.com"],
    ]);
    for (const line of lines) {
      const box = page.querySelector(line.getAttribute("href") ?? "");
      expect(box?.getAttribute("aria-invalid")).toBe("true");
      expect(page.querySelector(`${line.getAttribute("href")}-error`)?.text).toContain(line.text);
    }
    expect(fieldsOf(html, "/quick")).toEqual(fields);
  });

  it("asks for the account where there are several", async () => {
    const answer = await post("/quick", await openForm({ accountId: "" }), stage.staff);
    expect(answer.status).toBe(422);
    const page = parse(await answer.text());
    expect(page.querySelector(".error-summary a")?.getAttribute("href")).toBe("#accountId");
    expect(page.querySelector("input#accountId")).not.toBeNull();
  });

  it("refuses a form of another page, of another site and of another member", async () => {
    expect((await post("/quick", await openForm({ formId: "x" }), stage.staff)).status).toBe(303);
    const foreign = await app().request("/quick", {
      method: "POST",
      body: new URLSearchParams(await openForm()),
      headers: { Cookie: await cookieOf(stage.staff), "Sec-Fetch-Site": "cross-site" },
    });
    expect(foreign.status).toBe(403);
    const fields = await openForm();
    await post("/quick", fields, stage.staff);
    const colleague = await makeMember(stage.cx, stage.firm.firmId, "bookkeeper");
    const answer = await post("/quick", fields, colleague);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("sent by somebody else");
  });
});

describe("the preview", () => {
  it("is drawn by the server of what stands in the boxes, keeps them and makes nothing", async () => {
    const fields = await openForm({
      accountId: stage.firm.trustAccountId,
      message: "Due on {due date}, {payer name}.",
      dueOn: "2099-11-30",
      amount: "2500",
    });
    const answer = await post("/quick/preview", fields, stage.staff);
    expect(answer.status).toBe(200);
    const html = await answer.text();
    const preview = parse(html).querySelector("#quick-preview")?.text.replace(/\s+/g, " ") ?? "";
    for (const words of [
      "Dear Elena Vasquez,",
      "Due on Monday, November 30, 2099, Elena Vasquez.",
      "Advice on the lease",
      "$2,500.00",
      "Trust ··8820",
      "never laid on a trust request by itself",
    ])
      expect(preview).toContain(words);
    expect(fieldsOf(html, "/quick")).toEqual(fields);
    expect(await requestJobs(fields.formId ?? "")).toEqual([]);
  });

  it("shows wrong answers as they are and complains of none", async () => {
    const fields = await openForm({ amount: "twelve <b>", dueOn: "soon", payerEmails: "", payerName: "" });
    const answer = await post("/quick/preview", fields, stage.staff);
    const page = parse(await answer.text());
    expect(answer.status).toBe(200);
    expect(page.querySelector(".error-summary")).toBeNull();
    expect(page.querySelector(".preview-amount")?.innerHTML).toContain("twelve &lt;b&gt;");
  });

  it("is asked for by the script with the page's nonce, and by a button that is not the form's first", async () => {
    const page = parse(await (await get("/quick", stage.staff)).text());
    const preview = page.querySelector("#quick-preview");
    expect(preview?.getAttribute("hx-post")).toBe("/quick/preview");
    expect(preview?.getAttribute("hx-nonce")).toBe(
      page.querySelector("script[nonce]")?.getAttribute("nonce"),
    );
    // The Enter key takes the first button of a form.
    const buttons = page.querySelectorAll('form[action="/quick"] button');
    expect(buttons.map((button) => button.getAttribute("formaction") ?? button.text.trim())).toEqual([
      "Send link",
      "Generate link",
      "/quick/preview",
    ]);
  });
});

it("a link of one firm is not another's", async () => {
  const link = await issueQuick();
  expect((await get(`/links/${link.id}`, stage.stranger)).status).toBe(404);
});
