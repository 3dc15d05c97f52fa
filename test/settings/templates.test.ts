import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../src/base/language.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { OWN_WORDS } from "../../src/settings/own-words.ts";
import {
  defaultMessage,
  fillTemplate,
  findPlaceholder,
  hasGreeting,
  PLACEHOLDERS,
  readTemplate,
  TEMPLATE_USES,
} from "../../src/settings/templates.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, testContext } from "../support/world.ts";

const empty = Object.fromEntries(PLACEHOLDERS.map(({ key }) => [key, ""]));
const full = Object.fromEntries(PLACEHOLDERS.map(({ key, example }) => [key, example]));

describe("filling a template", () => {
  it("puts each value in its place, however the placeholder is written", () => {
    expect(fillTemplate("{payer name}, {Payer  Name}, {PAYER_NAME}", { payer_name: "Ana" })).toBe(
      "Ana, Ana, Ana",
    );
  });

  it("leaves what is not known, and what is no placeholder, as it was written", () => {
    expect(fillTemplate("{amount} {x} { } {", {})).toBe("{amount} {x} { } {");
  });

  it("never fills what came in with a value", () => {
    expect(fillTemplate("{payer name} {firm}", { payer_name: "{firm}", firm: "F" })).toBe("{firm} F");
  });

  it.each([
    ["Your payment is due on {due date}. Thanks.", "Your payment is due. Thanks."],
    ["Thank you for trusting us with your matter {matter}.", "Thank you for trusting us."],
    ["By {due date}, please pay.", "Please pay."],
    ["Call us at {phone}.", "Call us."],
    ["Statements ({statement numbers}) are open.", "Statements are open."],
    ["Dear {payer name},\n\n{matter}\n\nHello", "Dear,\n\nHello"],
    ["Su pago vence el {due date}. Puede pagar.", "Su pago vence. Puede pagar."],
    ["Votre paiement est dû le {due date}. Merci.", "Votre paiement est dû. Merci."],
    ["Ask {responsible attorney}, or call {phone}, please.", "Ask, or call, please."],
  ])("closes the gap of an empty value: %s", (text, wanted) => {
    expect(fillTemplate(text, empty)).toBe(wanted);
  });

  it("takes time in proportion to the text, also for the worst of it", () => {
    const text = `${"with the ".repeat(500)}{matter}`;
    expect(fillTemplate(text, empty).length).toBeLessThan(text.length);
  });
});

describe("the product's own words", () => {
  it.each(LANGUAGES)("are whole in %s, full or with nothing known", (language) => {
    for (const use of TEMPLATE_USES) {
      const { subject, body } = OWN_WORDS[language][use];
      for (const text of [subject, body]) {
        for (const [, words = ""] of text.matchAll(/\{([^}]*)\}/g))
          expect(findPlaceholder(words), words).toBeDefined();
        expect(fillTemplate(text, full)).not.toMatch(/[{}\ue000]/);
        expect(fillTemplate(text, { ...empty, firm: "F", amount: "$1.00" })).not.toMatch(
          /[{}\ue000]| [.,]| {2}/,
        );
      }
      expect(hasGreeting(body)).toBe(false);
    }
  });
});

it("a text that begins with a line that ends with a comma greets the payer itself", () => {
  expect(hasGreeting("Dear {payer name},\n\nplease pay.")).toBe(true);
  expect(hasGreeting("Estimada Ana:\nHola")).toBe(true);
  expect(hasGreeting("Please pay, today.\n\nThanks,")).toBe(false);
});

describe("what a firm reads", () => {
  const box = useDatabase();

  it("is the product's own words until it writes its own, and never another firm's", async () => {
    const cx = testContext(box);
    const [one, other] = [await makeFirm(cx), await makeFirm(cx)];
    await withFirm(cx.database, other.firmId, (tx) =>
      tx
        .insertInto("message_template")
        .values({ firm_id: other.firmId, use: "request", language: "es", subject: "S", body: "B" })
        .execute(),
    );
    const read = (firmId: string) =>
      withFirm(cx.database, firmId, (tx) => readTemplate(tx, firmId, "request", "es"));
    expect(await read(one.firmId)).toEqual({ ...OWN_WORDS.es.request, isOwn: false });
    expect(await read(other.firmId)).toEqual({ subject: "S", body: "B", isOwn: true });
    expect(await withFirm(cx.database, other.firmId, (tx) => defaultMessage(tx, other.firmId, "es"))).toBe(
      "B",
    );
  });
});
