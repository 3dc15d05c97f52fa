import { afterEach, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { linkUrl } from "../../src/links/address.ts";
import { cancelLink } from "../../src/links/cancel.ts";
import { noteReminder, queueReminders } from "../../src/reminders/send.ts";
import { useLetterDesk } from "./desk.ts";

const desk = useLetterDesk();
const { stage, issued, pay, sent, deliver, write, settle, changeLink, changePayment } = desk;

afterEach(async () => {
  sent.splice(0);
  await desk.forgetTemplates();
});

const ADDRESS = "a.okafor@okaforlogistics.example";

describe("a firm's own words", () => {
  it("stand in the subject and text of a receipt, with every place filled", async () => {
    await desk.putTemplate(
      "receipt",
      "{firm} thanks you",
      "Hello {payer name},\n\n{amount} for {statement numbers} of {matter} arrived. {responsible attorney} says thanks.",
    );
    const { link, matter } = await issued();
    const statement = matter.statements[0];
    const paymentId = await pay(link, [{ statementId: statement?.id ?? "", amountMinor: 125_000n }]);
    const receipt = await write({
      kind: "receipt",
      intent: newId(),
      toAddress: ADDRESS,
      linkId: link.id,
      paymentId,
    });
    expect(receipt?.subject).toBe("Marlow Keane LLP thanks you");
    expect(receipt?.text).toContain(`Hello Adaeze Okafor,\n\n$1,250.00 for ${statement?.number} of`);
    expect(receipt?.text).not.toMatch(/[{}]|Dear/);
    expect(receipt?.html).toContain("Visa ··4242");
  });

  it("give a request its subject", async () => {
    await desk.putTemplate("request", "Your invoice from {firm}", "Please pay {amount}.");
    const { link } = await issued();
    await deliver(link.request_id);
    expect(sent[0]?.subject).toBe("Your invoice from Marlow Keane LLP");
    expect(sent[0]?.text).toContain("Please pay $1,250.00.");
  });
});

describe("a reminder", () => {
  it("asks again with a working button, in the words for before and after the due date", async () => {
    const { link } = await issued(undefined, { dueOn: "2026-12-12" });
    const reminder = { kind: "reminder", toAddress: ADDRESS, linkId: link.id } as const;
    const before = await write({ ...reminder, intent: newId(), topic: "before" });
    expect(before?.subject).toBe("A reminder from Marlow Keane LLP");
    expect(before?.text).toContain("due on Saturday, December 12, 2026");
    expect(before?.html).toContain(linkUrl(stage.cx, link));
    const after = await write({ ...reminder, intent: newId(), topic: "after" });
    expect(after?.subject).toBe("Your payment to Marlow Keane LLP is still open");
  });

  it("is not sent for a link that was closed, nor to an address that it no longer goes to", async () => {
    const { link } = await issued();
    const reminder = { kind: "reminder", linkId: link.id, topic: "before" } as const;
    expect(await write({ ...reminder, intent: newId(), toAddress: "old@okafor.example" })).toBeUndefined();
    await cancelLink(stage.staff, { linkId: link.id });
    expect(await write({ ...reminder, intent: newId(), toAddress: ADDRESS })).toBeUndefined();
  });
});

describe("a reminder of a request for two accounts", () => {
  const reminderOf = async () => {
    const { links } = await issued(
      [{ balanceMinor: 125_000n }, { balanceMinor: 400_000n, kind: "trust_request" }],
      { dueOn: "2026-12-12" },
    );
    const [operating, trust] = links;
    if (!operating || !trust) throw new Error("two links were expected");
    const remind = (asked: typeof links) =>
      desk.read(async (tx) => {
        const noted = [];
        for (const link of asked) {
          const cause = { kind: "hand", occurrence: newId(), memberId: stage.staff.actor.id } as const;
          noted.push(await noteReminder(tx, stage.staff, { link, cause, timeZone: "America/Chicago" }));
        }
        await queueReminders(tx, stage.staff, noted);
      });
    return { operating, trust, remind };
  };

  it("is one letter with both amounts, each with its own button, and their sum in its words", async () => {
    await desk.putTemplate(
      "reminder_before",
      "A word about {amount}",
      "{amount} for {statement numbers} is open.",
    );
    const { operating, trust, remind } = await reminderOf();
    await remind([operating, trust]);
    const letters = await desk.sendAllOf("reminder");
    expect(letters).toHaveLength(1);
    expect(letters[0]?.subject).toBe("A word about $5,250.00");
    for (const link of [operating, trust]) expect(letters[0]?.html).toContain(linkUrl(stage.cx, link));
    expect(letters[0]?.text).toContain("$1,250.00");
    expect(letters[0]?.text).toContain("$4,000.00");
  });

  it("speaks only of the link that is still to be paid", async () => {
    const { operating, trust, remind } = await reminderOf();
    await remind([operating, trust]);
    await cancelLink(stage.staff, { linkId: trust.id });
    const letter = (await desk.sendAllOf("reminder")).at(-1);
    expect(letter?.html).toContain(linkUrl(stage.cx, operating));
    expect(letter?.html).not.toContain(linkUrl(stage.cx, trust));
  });
});

describe("a letter in the payer's language", () => {
  it.each([
    [
      "es",
      "Solicitud de pago de Marlow Keane LLP",
      "Revisar y pagar",
      "Importe por pagar: $1,250.00",
      "es-US",
    ],
    ["fr", "Demande de paiement de Marlow Keane LLP", "Vérifier et payer", "1 250,00 $ US", "fr-CA"],
  ] as const)(
    "%s has no English left but what the firm wrote",
    async (language, subject, button, amount, tag) => {
      const { link } = await issued(undefined, { dueOn: "2026-12-12", message: "…" });
      await changeLink(link.id, { language });
      await deliver(link.request_id);
      const [message] = sent;
      expect(message?.subject).toBe(subject);
      expect(message?.text).toContain(button);
      expect(message?.text.replace(/[\u00a0\u202f]/g, " ")).toContain(amount);
      expect(message?.html).toContain(`<html lang="${tag}">`);
      expect(message?.text).not.toMatch(/Dear|Due|Statement|Issued|expires|Sent by|replies|Review/);
    },
  );

  it("is wholly in it where the message is the firm's standard one, also after the language was changed", async () => {
    const { link } = await issued(undefined, { dueOn: "2026-12-12" });
    expect(link.message).toContain("Thank you");
    await changeLink(link.id, { language: "fr" });
    await deliver(link.request_id);
    expect(sent[0]?.text).toContain("Merci de la confiance");
    expect(sent[0]?.text).not.toContain("Thank you");
  });

  it("follows the language that the email was asked for in before the link's", async () => {
    const { link, matter } = await issued();
    await changeLink(link.id, { language: "fr" });
    const paymentId = await pay(link, [
      { statementId: matter.statements[0]?.id ?? "", amountMinor: 125_000n },
    ]);
    const about = { kind: "receipt", toAddress: ADDRESS, linkId: link.id, paymentId } as const;
    const asked = await write({ ...about, intent: newId(), language: "es" });
    expect(asked?.subject).toBe("Recibo de su pago a Marlow Keane LLP");
    expect((await write({ ...about, intent: newId() }))?.subject).toMatch(/^Reçu/);
  });
});

describe("word of a refund", () => {
  it("names what goes back, of one refund or of all, and is not sent without one", async () => {
    const { link, matter } = await issued();
    const paymentId = await pay(link, [
      { statementId: matter.statements[0]?.id ?? "", amountMinor: 125_000n },
    ]);
    const about = { kind: "refund", toAddress: ADDRESS, linkId: link.id, paymentId } as const;
    expect(await write({ ...about, intent: newId() })).toBeUndefined();
    await changePayment(paymentId, { refunded_minor: 60_000n });
    const one = await write({ ...about, intent: newId(), topic: "20000" });
    expect(one?.subject).toBe("Your refund from Marlow Keane LLP");
    expect(one?.text).toContain("refunded $200.00 of your payment");
    expect((await write({ ...about, intent: newId() }))?.text).toContain("refunded $600.00");
  });
});

describe("the firm's face", () => {
  it("is its logo where mail programs can show it, else its initials", async () => {
    const { link } = await issued();
    await deliver(link.request_id);
    expect(sent[0]?.html).toContain(">MK</td>");
    await desk.read((tx) =>
      tx
        .insertInto("firm_logo")
        .values({
          firm_id: stage.firm.firmId,
          media_type: "image/png",
          content: Buffer.from("png"),
          hash: "0123456789abcdef0123456789abcdef",
          width: 400,
          height: 80,
        })
        .execute(),
    );
    const { link: second } = await issued();
    await deliver(second.request_id);
    expect(sent[1]?.html).toMatch(
      /src="http:\/\/127\.0\.0\.1:4000\/logo\/[\w-]+\/0123456789abcdef0123456789abcdef" alt="" width="200" height="40"/,
    );
  });

  it("answers go to the firm's own address for them, else to its contact", async () => {
    await settle({ contact_email: "billing@marlowkeane.example" });
    const { link } = await issued();
    await deliver(link.request_id);
    expect(sent[0]?.replyTo).toBe("billing@marlowkeane.example");
    await settle({ reply_to: "desk@marlowkeane.example" });
    const { link: second } = await issued();
    await deliver(second.request_id);
    expect(sent[1]?.replyTo).toBe("desk@marlowkeane.example");
    expect(sent[1]?.text).toContain("replies reach desk@marlowkeane.example");
  });
});
