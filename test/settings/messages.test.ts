import { describe, expect, it } from "vitest";
import { OWN_WORDS } from "../../src/settings/own-words.ts";
import { resetTemplate } from "../../src/settings/reset-template.ts";
import { saveTemplate } from "../../src/settings/save-template.ts";
import { readTemplate } from "../../src/settings/templates.ts";
import { fieldsOf } from "../links/form.ts";
import { openBrowser, type Shown } from "../postings/browser.ts";
import { useSettingsStage } from "./stage.ts";

const { stage, read, record, jobs } = useSettingsStage();
const PATH = "/settings/messages";

const open = (query = "") => stage.browser.get(`${PATH}${query}`);
const formOf = (page: Shown) => fieldsOf(page.document.toString(), PATH);
const stored = (use: Parameters<typeof readTemplate>[2] = "request", language: "en" | "es" | "fr" = "en") =>
  read((tx) => readTemplate(tx, stage.firm.firmId, use, language));

async function save(change: Record<string, string>, query = ""): Promise<Shown> {
  return await stage.browser.post(PATH, { ...formOf(await open(query)), ...change });
}

describe("the page of messages", () => {
  it("is where Settings leads an administrator, and starts with the standard words for a request", async () => {
    expect(await stage.browser.get("/settings")).toMatchObject({ status: 303, location: PATH });
    const page = await open();
    expect(page.status).toBe(200);
    expect(page.text).toContain("Standard words");
    expect(formOf(page)).toMatchObject({ use: "request", language: "en", ...OWN_WORDS.en.request });
    expect(page.text).toContain("Thank you for trusting Marlow Keane LLP.");
  });

  it("has every letter in every language, and the first for what there is not", async () => {
    const page = await open("?use=bank_failed&language=fr");
    expect(formOf(page)).toMatchObject({ use: "bank_failed", language: "fr", ...OWN_WORDS.fr.bank_failed });
    expect(formOf(await open("?use=love&language=xx"))).toMatchObject({ use: "request", language: "en" });
  });

  it("is closed to other roles", async () => {
    for (const member of [stage.staff, stage.bookkeeper]) {
      const browser = await openBrowser(stage.cx, member);
      expect((await browser.get(PATH)).status).toBe(403);
      await expect(
        saveTemplate(member, {
          use: "request",
          language: "en",
          typed: { subject: "S", body: "B" },
          seen: "",
        }),
      ).rejects.toMatchObject({ code: "forbidden" });
      await expect(resetTemplate(member, { use: "request", language: "en" })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
  });
});

describe("words of a firm's own", () => {
  it("are kept, recorded before and after, and named with who wrote them", async () => {
    const body = "Dear {payer name},\n\nplease pay {amount} to {firm}.";
    const answer = await save({ subject: "Your invoice from {firm}", body: body.replaceAll("\n", "\r\n") });
    expect(answer).toMatchObject({ status: 303, location: `${PATH}?use=request&language=en` });
    expect(answer.notice).toContain("The message is saved.");
    expect(await stored()).toEqual({ subject: "Your invoice from {firm}", body, isOwn: true });
    expect((await record()).at(-1)).toMatchObject({
      action: "settings.message_changed",
      object_id: "message:request:en",
      actor_name: "Ana Keane",
      before: OWN_WORDS.en.request,
      after: { subject: "Your invoice from {firm}", body },
    });
    const page = await open();
    expect(page.text).toMatch(/Last changed \w+ \d+ by Ana Keane/);
    // The text greets the payer itself, so the letter does not a second time.
    expect(page.text.split("Dear Elena Vasquez,")).toHaveLength(2);
    expect(await stored("request", "es")).toMatchObject({ isOwn: false });
    const others = await read(
      (tx) => readTemplate(tx, stage.other.firmId, "request", "en"),
      stage.other.firmId,
    );
    expect(others.isOwn).toBe(false);
  });

  it("are saved again without a second line in the record", async () => {
    const before = (await record()).length;
    await save({});
    expect((await record()).length).toBe(before);
  });

  it("give way to the standard ones after a question, once", async () => {
    await save({ subject: "Reçu", body: "Merci" }, "?use=receipt&language=fr");
    const question = await stage.browser.get(`${PATH}/reset?use=receipt&language=fr`);
    expect(question.text).toContain("Reçu de votre paiement");
    for (let times = 0; times < 2; times++)
      expect(await stage.browser.post(`${PATH}/reset`, { use: "receipt", language: "fr" })).toMatchObject({
        status: 303,
        location: `${PATH}?use=receipt&language=fr`,
      });
    expect(await stored("receipt", "fr")).toMatchObject({ isOwn: false });
    const lines = (await record()).filter((event) => event.object_id === "message:receipt:fr");
    expect(lines).toHaveLength(2);
  });

  it("that are the standard ones letter by letter are not kept as the firm's", async () => {
    await save({ subject: "Other" }, "?use=on_its_way&language=en");
    await save({ ...OWN_WORDS.en.on_its_way }, "?use=on_its_way&language=en");
    expect(await stored("on_its_way")).toMatchObject({ isOwn: false });
  });

  it("that two people change at once are shown side by side, and the second is not lost", async () => {
    const mine = formOf(await open("?use=reminder_before&language=en"));
    await save({ subject: "Theirs" }, "?use=reminder_before&language=en");
    const answer = await stage.browser.post(PATH, { ...mine, subject: "Mine" });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("Somebody else changed this while you were writing.");
    expect(answer.text).toContain("Saved meanwhile: Theirs You wrote: Mine");
    expect((await stored("reminder_before")).subject).toBe("Theirs");
    const again = await stage.browser.post(PATH, formOf(answer));
    expect(again.status).toBe(303);
    expect((await stored("reminder_before")).subject).toBe("Mine");
  });
});

describe("a test of a message", () => {
  it("is asked for once per page, for the member who asks, with the words saved first", async () => {
    const fields = {
      ...formOf(await open("?use=reminder_after&language=es")),
      subject: "Prueba",
      send: "test",
    };
    const answer = await stage.browser.post(PATH, fields);
    expect(answer.notice).toContain("a test of it is on the way to you");
    expect(await stored("reminder_after", "es")).toMatchObject({ subject: "Prueba" });
    expect(await jobs("delivery.sendTest")).toEqual([
      expect.objectContaining({
        payload: {
          firmId: stage.firm.firmId,
          memberId: stage.admin.actor.id,
          use: "reminder_after",
          language: "es",
          nonce: String(Reflect.get(fields, "test")),
        },
      }),
    ]);
  });
});

describe("what cannot be sent", () => {
  it.each([
    [{ subject: "" }, "subject", "Enter a subject"],
    [{ subject: "x".repeat(201) }, "subject", "The subject has 201 characters. Shorten it to 200"],
    [{ subject: "About {matter}" }, "subject", "Leave {matter} out of it"],
    [{ subject: "For {payer name}" }, "subject", "Leave {payer name} out of it"],
    [{ subject: "See www.x.example" }, "subject", "Leave web addresses out"],
    [{ body: "" }, "body", "Enter a message, or go back to the standard words"],
    [{ body: "x".repeat(3501) }, "body", "The message has 3,501 characters. Shorten it to 3,500"],
    [{ body: "Pay at https://x.example" }, "body", "Leave web addresses out"],
    [{ body: "Dear {payer}" }, "body", "There is no placeholder {payer}. Did you mean {payer name}?"],
    [{ body: "{ammount}" }, "body", "There is no placeholder {ammount}. Did you mean {amount}?"],
    [{ body: "{attorney}" }, "body", "Did you mean {responsible attorney}?"],
    [{ body: "{}" }, "body", "There is no placeholder {}. There are {payer name}, {firm}"],
    [{ body: "{zebra crossing}" }, "body", "There are {payer name}, {firm}"],
    [{ body: "{due date" }, "body", "A curly bracket stands alone"],
    [{ body: "a\u0007b" }, "body", "The message holds characters that cannot be sent"],
  ])("%j is refused with a sentence, and what was typed is kept", async (change, field, words) => {
    const answer = await save(change as Record<string, string>, "?use=bank_failed&language=en");
    expect(answer.status).toBe(422);
    expect(answer.document.querySelector(`#${field}-error`)?.text).toContain(words);
    expect(answer.document.querySelector(".error-summary")?.text).toContain(words);
    expect(formOf(answer)).toMatchObject(change);
    expect(await stored("bank_failed")).toMatchObject({ isOwn: false });
  });

  it("is drawn in the preview all the same, and nothing is saved by looking", async () => {
    const fields = formOf(await open("?use=bank_failed&language=en"));
    const answer = await stage.browser.post(`${PATH}/preview`, { ...fields, body: "Hello {x} {firm}" });
    expect(answer.status).toBe(200);
    expect(answer.document.querySelector("#message-preview")?.text).toContain("Hello {x} Marlow Keane LLP");
    expect(await stored("bank_failed")).toMatchObject({ isOwn: false });
  });
});
