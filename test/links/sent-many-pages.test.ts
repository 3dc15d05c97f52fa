import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { plantLink } from "./sent-stage.ts";
import { useLinkStage } from "./stage.ts";

const { stage, get, post, read } = useLinkStage();
const plant = (wish: Parameters<typeof plantLink>[2] = {}) => plantLink(stage.staff, stage.firm, wish);

describe("the pages around an action on many links", () => {
  it("ask first: how many take part, how many do not, and why", async () => {
    const [open, paid] = [await plant(), await plant({ state: "payment_received" })];
    const html = await (
      await get(`/sent/many?verb=cancel&tab=outstanding&link=${open}&link=${paid}`, stage.staff)
    ).text();
    expect(html).toContain("Cancel 1 link?");
    expect(html).toContain("1 link: paid already");
    expect(html).toContain("$1,250.00 is asked for by the 1 link");
    const none = await (await get(`/sent/many?verb=cancel&link=${paid}`, stage.staff)).text();
    expect(none).toContain("None of the chosen links can take part.");
    expect(none).not.toContain('method="post" action="/sent/many"');
  });

  it("lead back with a notice when nothing is ticked or the action is unknown", async () => {
    for (const path of [
      "/sent/many?verb=cancel&tab=expired",
      "/sent/many?verb=burn&tab=expired&link=x",
      "/sent/copy?tab=expired",
      "/sent/export.xlsx?tab=expired",
    ]) {
      const answer = await get(path, stage.staff);
      expect(answer.status).toBe(303);
      expect(answer.headers.get("location")).toBe("/sent?tab=expired");
    }
  });

  it("keep what was typed when the day cannot be taken", async () => {
    const link = await plant();
    const fields = { link, verb: "extend", formId: newId(), asOf: stage.cx.now().toISOString(), seen: "1" };
    const wrong: [Record<string, string>, string][] = [
      [{ how: "until", expiresOn: "2020-01-01" }, "Enter today or a later day"],
      [{ how: "until", expiresOn: "2099-01-01" }, "Enter a day within one year"],
      [{ how: "until", expiresOn: "soon" }, "Enter the last day, like "],
      [{ how: "days", extendDays: "0" }, "Enter a whole number of days, from 1 to 365"],
      [{ how: "days", extendDays: "1.5" }, "Enter a whole number of days, from 1 to 365"],
    ];
    for (const [typed, sentence] of wrong) {
      const answer = await post("/sent/many", { ...fields, ...typed }, stage.staff);
      const html = await answer.text();
      expect(answer.status).toBe(422);
      expect(html).toContain(sentence);
      expect(html).toContain(`value="${typed.expiresOn ?? typed.extendDays}"`);
      expect(html).toContain(`name="link" value="${link}"`);
    }
  });

  it("act by form and show the outcome by link", async () => {
    const [open, paid] = [
      await plant(),
      await plant({ state: "payment_received", client: "Harlan & Pryce" }),
    ];
    const formId = newId();
    const fields = {
      link: [open, paid],
      verb: "cancel",
      formId,
      asOf: stage.cx.now().toISOString(),
      seen: "2",
    };
    const answer = await post("/sent/many", fields, stage.staff);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(`/sent/many/${formId}`);
    const html = await (await get(`/sent/many/${formId}`, stage.staff)).text();
    expect(html).toContain("Done: 2 of 2");
    expect(html).toContain("Paid already");
    expect(html).toContain("Harlan &amp; Pryce");
  });

  it("give the addresses one per line and as a file with names, which is on record", async () => {
    const link = await plant({ client: "=cmd()", reference: "SFP-COPY" });
    const html = await (await get(`/sent/copy?link=${link}`, stage.staff)).text();
    expect(html).toMatch(/http:\/\/127\.0\.0\.1:4000\/p\/[\w-]{43,}/);
    const file = await get(`/sent/copy.csv?link=${link}`, stage.staff);
    const text = await file.text();
    expect(text).toContain(`"'=cmd()"`);
    expect(text).toContain("SFP-COPY");
    const events = await read((tx) =>
      tx.selectFrom("audit_event").select("after").where("action", "=", "links.copied").execute(),
    );
    expect(JSON.stringify(events)).not.toContain("/p/");
    expect(events.length).toBeGreaterThan(0);
  });
});
