import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import { dayOf } from "../../src/base/day.ts";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { linkUrl } from "../../src/links/address.ts";
import { issueLinks } from "../../src/links/issue.ts";
import { moveLink } from "../../src/links/move.ts";
import { lockLink } from "../../src/links/queries.ts";
import { makeMatter, makeMember } from "../support/world.ts";
import { fieldsOf } from "./form.ts";
import { useLinkStage } from "./stage.ts";

const { stage, requestFor, issued, findLink, pay, app, cookieOf, get, post } = useLinkStage();

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

  it("of an email that came back shows why, per address, and the form that puts it right", async () => {
    const { link } = await issued(undefined, { payerEmails: ["gone@okafor.example", "ap@okafor.example"] });
    const states = { "gone@okafor.example": "bounced", "ap@okafor.example": "delivered" } as const;
    await withFirm(stage.cx.database, stage.firm.firmId, async (tx) => {
      for (const [to_address, state] of Object.entries(states))
        await tx
          .insertInto("email")
          .values({
            firm_id: stage.firm.firmId,
            id: newId(),
            kind: "request",
            intent: `request:${link.request_id}:1`,
            request_id: link.request_id,
            to_address,
            state: state as "bounced" | "delivered",
            reason: state === "bounced" ? "There is no such mailbox." : null,
          })
          .execute();
      await tx
        .updateTable("payment_link")
        .set({ delivery: "bounced", delivery_reason: "1 of 2 emails did not arrive." })
        .where("id", "=", link.id)
        .execute();
    });
    const page = await (await get(`/links/${link.id}`, stage.staff)).text();
    expect(page).toContain("The request did not reach every address.");
    expect(page).toContain('id="fix"');
    const panel = parse(page).querySelector("section[aria-labelledby=fix]")?.structuredText ?? "";
    expect(panel).toMatch(/gone@okafor\.example\s+Bounced\s+There is no such mailbox/);
    expect(panel).toMatch(/ap@okafor\.example\s+Delivered/);
    const fields = fieldsOf(page, `/links/${link.id}/correct`);
    const answer = await post(
      `/links/${link.id}/correct`,
      { ...fields, payerEmails: "billing@okafor.example, ap@okafor.example", language: "es" },
      stage.staff,
    );
    expect(answer.status).toBe(303);
    expect(await findLink(link.id)).toMatchObject({
      payer_emails: ["billing@okafor.example", "ap@okafor.example"],
      language: "es",
      delivery: "queued",
    });
    expect(await (await get(`/links/${link.id}`, stage.staff)).text()).toContain("Español");
    const wrong = await post(
      `/links/${link.id}/correct`,
      { ...fields, tokenVersion: "2", language: "de" },
      stage.staff,
    );
    expect([wrong.status, (await wrong.text()).includes("Choose one of the languages")]).toEqual([422, true]);
  });

  it("tells in its history who came and when, beside what was recorded", async () => {
    const { link } = await issued();
    await withFirm(stage.cx.database, stage.firm.firmId, (tx) =>
      tx
        .updateTable("payment_link")
        .set({ first_viewed_at: new Date(), last_viewed_at: new Date(Date.now() + 60_000) })
        .where("id", "=", link.id)
        .execute(),
    );
    await post(
      `/links/${link.id}/extend`,
      { expiresOn: dayOf(stage.cx.now(), "America/Chicago") },
      stage.staff,
    );
    const page = parse(await (await get(`/links/${link.id}`, stage.staff)).text());
    const history = page.querySelector("section[aria-labelledby=history]")?.structuredText ?? "";
    expect(history).toMatch(/Expiry changed[\s\S]*Until [\s\S]*Viewed[\s\S]*Last on [\s\S]*Created/);
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
