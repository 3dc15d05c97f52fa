import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import { makeApp } from "../../src/app.tsx";
import { newId } from "../../src/base/id.ts";
import { linkUrl } from "../../src/links/address.ts";
import { cancelLink } from "../../src/links/cancel.ts";
import { plantLink } from "./sent-stage.ts";
import { problemOf, useLinkStage } from "./stage.ts";

const { stage, issued, findLink, auditOf, get, post, read } = useLinkStage();
const REASON = "Client asked for one bill over both matters";
const TOO_LONG = "x".repeat(201);
const plant = () => plantLink(stage.staff, stage.firm);
const show = async (path: string) => (await get(path, stage.staff)).text();
const manyFields = (links: string[], reason: string) => ({
  link: links,
  verb: "cancel",
  formId: newId(),
  asOf: new Date(Date.now() + 1_000).toISOString(),
  seen: String(links.length),
  reason,
});

describe("the reason with which a link is cancelled", () => {
  it("is kept in the record, and stands on the link's page and in its time line", async () => {
    const { link } = await issued();
    const answer = await post(`/links/${link.id}/cancel`, { reason: `  ${REASON}\r\n ` }, stage.staff);
    expect(answer.status).toBe(303);
    expect((await findLink(link.id)).cancel_reason).toBe(REASON);
    expect((await auditOf(link.id)).at(-1)).toMatchObject({
      action: "link.cancelled",
      after: { state: "cancelled", reason: REASON },
    });
    const page = parse(await show(`/links/${link.id}`));
    const facts = page.querySelectorAll(".kv > div").map((fact) => fact.text);
    expect(facts).toContain(`Cancelled because${REASON}`);
    expect(page.querySelector(".timeline")?.text).toContain(`${REASON}. Dana Whitfield`);
  });

  it("may be left out", async () => {
    const { link } = await issued();
    await post(`/links/${link.id}/cancel`, { reason: " \n " }, stage.staff);
    expect(await findLink(link.id)).toMatchObject({ state: "cancelled", cancel_reason: null });
    expect((await auditOf(link.id)).at(-1)?.after).toEqual({ state: "cancelled" });
    expect(await show(`/links/${link.id}`)).not.toContain("Cancelled because");
  });

  it("is asked for in the dialog and on the page without it", async () => {
    const { link } = await issued();
    const dialog = parse(await show(`/links/${link.id}`)).querySelector("#dialog-cancel");
    expect(dialog?.querySelector("textarea[name=reason]")).not.toBeNull();
    const page = await show(`/links/${link.id}/cancel`);
    expect(page).toContain("For your firm only; the payer does not see it. Up to 200 characters.");
  });

  it("comes back as it was typed when it is too long, and nothing is cancelled", async () => {
    const { link } = await issued();
    const answer = await post(`/links/${link.id}/cancel`, { reason: TOO_LONG }, stage.staff);
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toContain("Shorten the reason to 200 characters. It has 201");
    expect(page).toContain(TOO_LONG);
    expect((await findLink(link.id)).state).toBe("outstanding");
    const exact = await post(`/links/${link.id}/cancel`, { reason: TOO_LONG.slice(1) }, stage.staff);
    expect(exact.status).toBe(303);
  });

  it("does not change when the link is cancelled again, and is nobody's of another firm to give", async () => {
    const { link } = await issued();
    await cancelLink(stage.staff, { linkId: link.id, reason: REASON });
    await cancelLink(stage.staff, { linkId: link.id, reason: "Another" });
    expect((await findLink(link.id)).cancel_reason).toBe(REASON);
    const { link: other } = await issued();
    const asked = cancelLink(stage.stranger, { linkId: other.id, reason: REASON });
    expect((await problemOf(asked)).code).toBe("not_found");
  });

  it("is never read by the payer", async () => {
    const { link } = await issued();
    const path = new URL(linkUrl(stage.cx, link)).pathname;
    await cancelLink(stage.staff, { linkId: link.id, reason: REASON });
    const answer = await makeApp(stage.cx).request(path);
    const page = await answer.text();
    expect(page).toContain("This payment request was withdrawn");
    expect(page).not.toContain("one bill");
  });
});

describe("the reason with which many links are cancelled", () => {
  it("is that of each of them, and of the action", async () => {
    const ids = [await plant(), await plant()];
    expect(await show(`/sent/many?verb=cancel&link=${ids[0]}`)).toContain('name="reason"');
    const answer = await post("/sent/many", manyFields(ids, REASON), stage.staff);
    for (const id of ids) expect((await findLink(id)).cancel_reason).toBe(REASON);
    expect(await show(answer.headers.get("location") ?? "")).toContain(`Reason: ${REASON}`);
    const event = await read((tx) =>
      tx
        .selectFrom("audit_event")
        .select("after")
        .where("action", "=", "linkAction.cancel")
        .executeTakeFirst(),
    );
    expect(event?.after).toMatchObject({ links: 2, reason: REASON });
  });

  it("comes back as it was typed when it is too long, and nothing is begun", async () => {
    const id = await plant();
    const answer = await post("/sent/many", manyFields([id], TOO_LONG), stage.staff);
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toContain("Shorten the reason to 200 characters. It has 201");
    expect(page).toContain(TOO_LONG);
    expect((await findLink(id)).state).toBe("outstanding");
  });

  it("is not asked for, nor kept, where links are not cancelled", async () => {
    const id = await plant();
    expect(await show(`/sent/many?verb=extend&link=${id}`)).not.toContain('name="reason"');
    const fields = { ...manyFields([id], REASON), verb: "extend", how: "days", extendDays: "40" };
    const answer = await post("/sent/many", fields, stage.staff);
    expect(await show(answer.headers.get("location") ?? "")).not.toContain(REASON);
    expect((await findLink(id)).cancel_reason).toBeNull();
  });
});
