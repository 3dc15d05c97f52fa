import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { cookiesOf } from "../support/requests.ts";
import { linkIn } from "./post-box.ts";
import { useStage } from "./stage.ts";

const MINUTES_MS = 60_000;

describe("signing in by email", () => {
  const box = useDatabase();
  const stage = useStage(box);
  let email: string;
  beforeEach(async () => {
    email = await stage.emailOf(stage.admin);
  });

  async function askForLink(address = email, next = "/"): Promise<string> {
    await stage.post("/signin", { email: address, next });
    await stage.drain();
    return linkIn(stage.mail, address);
  }
  const sessions = () =>
    withFirm(stage.admin.database, stage.firmId, (tx) =>
      tx.selectFrom("session").select("id").where("firm_id", "=", stage.firmId).execute(),
    );

  it("leads from the address through a mail and a button to the page that was wanted", async () => {
    const link = await askForLink(email, "/settings/team?tab=x");
    const offer = await stage.get(link);
    expect(offer.status).toBe(200);
    expect(await offer.text()).toContain("Sign in to Marlow Keane LLP");
    const answer = await stage.post(link, { firm: stage.firmId });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/settings/team?tab=x"]);
    const page = await stage.get("/settings/team", { cookie: cookiesOf(answer) });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Ana Keane");
  });

  it("answers the same to a known and an unknown address, but for the address itself", async () => {
    const unknown = `${newId()}@marlowkeane.example`;
    const answers = await Promise.all(
      [email, unknown].map((each) => stage.post("/signin", { email: each, next: "/" })),
    );
    const pages = await Promise.all(answers.map((answer) => answer.text()));
    expect(pages[0]?.replaceAll(email, "@")).toBe(pages[1]?.replaceAll(unknown, "@"));
    const changing = /^(x-request-id|content-security-policy)$/;
    const headers = answers.map((answer) => [...answer.headers].filter(([name]) => !changing.test(name)));
    expect(headers[0]).toEqual(headers[1]);
    await stage.drain();
    expect(stage.mail.sent.map((message) => message.to)).toEqual([email]);
  });

  it("finds the address however it is written, and says what is no address", async () => {
    await stage.post("/signin", { email: ` ${email.toUpperCase()} `, next: "/" });
    await stage.drain();
    expect(stage.mail.sent).toHaveLength(1);
    const answer = await stage.post("/signin", { email: "ana at firm", next: "/sent" });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toContain("Enter your work email");
    expect(page).toContain('value="ana at firm"');
    expect(page).toContain('value="/sent"');
  });

  it("uses nothing up by looking, however often a mail scanner opens the link", async () => {
    const link = await askForLink();
    for (let count = 0; count < 5; count++) expect((await stage.get(link)).status).toBe(200);
    expect(await sessions()).toEqual([]);
    expect((await stage.post(link, { firm: stage.firmId })).status).toBe(303);
    expect((await stage.get(link)).status).toBe(410);
  });

  it("makes one session of fifty clicks at once", async () => {
    const link = await askForLink();
    const clicks = Array.from({ length: 50 }, (_, index) =>
      stage.post(link, { firm: stage.firmId }, { address: `198.51.100.${index}` }),
    );
    const statuses = (await Promise.all(clicks)).map((answer) => answer.status).sort();
    expect(statuses).toEqual([303, ...Array(49).fill(410)]);
    expect(await sessions()).toHaveLength(1);
  });

  it("works in another browser than the one that asked", async () => {
    const link = await askForLink();
    expect((await stage.post(link, { firm: stage.firmId }, { address: "203.0.113.9" })).status).toBe(303);
  });

  it("refuses a link that is too old, forged, made for a payer, or no link at all", async () => {
    const link = await askForLink();
    const token = link.slice(link.lastIndexOf("/") + 1);
    const changed = (token.startsWith("A") ? "B" : "A") + token.slice(1);
    const forPayer = stage.admin.vault.makeToken("link", stage.admin.vault.readTokenId(token) ?? "", 1);
    const unknown = stage.admin.vault.makeToken("signIn", newId(), 1);
    for (const bad of [changed, forPayer, unknown, "x", "a".repeat(64)]) {
      expect((await stage.get(`/signin/link/${bad}`)).status, bad).toBe(410);
      expect((await stage.post(`/signin/link/${bad}`, { firm: stage.firmId })).status, bad).toBe(410);
    }
    stage.now = new Date(stage.now.getTime() + 11 * MINUTES_MS);
    expect((await stage.post(link, { firm: stage.firmId })).status).toBe(410);
    expect(await sessions()).toEqual([]);
  });

  it("lets a member of several firms choose, and of no others", async () => {
    const second = await stage.newFirm("Second Firm LLP");
    const stranger = await stage.newFirm("Stranger LLP");
    await withFirm(stage.admin.database, second, (tx) =>
      tx
        .insertInto("member")
        .values({
          firm_id: second,
          id: newId(),
          person_id: stage.admin.actor.personId,
          role: "staff",
          state: "active",
        })
        .execute(),
    );
    const link = await askForLink();
    const offer = await (await stage.get(link)).text();
    expect(offer).toContain("Marlow Keane LLP");
    expect(offer).toContain("Second Firm LLP");
    expect(offer).not.toContain("Stranger LLP");
    expect((await stage.post(link, { firm: stranger })).status).toBe(403);
    // A refused choice does not use the link up.
    const answer = await stage.post(link, { firm: second });
    expect(answer.status).toBe(303);
    const refused = await stage.get("/settings/team", { cookie: cookiesOf(answer) });
    expect(refused.status).toBe(403);
  });

  it("does not let in who was removed after the link was sent", async () => {
    const dana = await stage.join("staff");
    const link = await askForLink(await stage.emailOf(dana));
    await stage.post(`/settings/team/${dana.actor.id}/remove`, {}, { as: stage.admin });
    expect((await stage.post(link, { firm: stage.firmId })).status).toBe(403);
    expect(await sessions()).toHaveLength(1); // The administrator's own.
  });

  it("never leads to another site", async () => {
    for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
      const link = await askForLink(email, next);
      expect((await stage.post(link, { firm: stage.firmId })).headers.get("location"), next).toBe("/");
    }
  });

  it("mails no more than five links within their lifetime, also when they are asked for at once", async () => {
    const asks = Array.from({ length: 15 }, (_, index) =>
      stage.post("/signin", { email, next: "/" }, { address: `198.51.100.${index}` }),
    );
    for (const answer of await Promise.all(asks)) expect(answer.status).toBe(200);
    await stage.drain();
    expect(stage.mail.sent).toHaveLength(5);
  });

  it("stops a caller who asks very often", async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 22; count++)
      statuses.push((await stage.post("/signin", { email: `${newId()}@firm.example`, next: "/" })).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect((await stage.get("/signin")).status).toBe(200);
  });

  it("writes the sign-in down, without the token or the address", async () => {
    const link = await askForLink();
    await stage.post(link, { firm: stage.firmId });
    const events = await withFirm(stage.admin.database, stage.firmId, (tx) =>
      tx
        .selectFrom("audit_event")
        .selectAll()
        .where("firm_id", "=", stage.firmId)
        .where("action", "=", "session.started")
        .execute(),
    );
    expect(events).toMatchObject([
      { actor_id: stage.admin.actor.id, after: { kind: "direct", by: "email" } },
    ]);
    const jobs = await asOwner<{ text: string }>(
      box,
      "select payload::text as text from graphile_worker._private_jobs",
    );
    for (const text of [
      JSON.stringify(events, (_key, value) => (typeof value === "bigint" ? String(value) : value)),
      ...jobs.map((job) => job.text),
    ]) {
      expect(text).not.toContain(email);
      expect(text).not.toContain(link.slice(-40));
    }
  });

  it("ends with a button that signs out", async () => {
    const link = await askForLink();
    const cookie = cookiesOf(await stage.post(link, { firm: stage.firmId }));
    const answer = await stage.post("/signout", {}, { cookie });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/signin"]);
    expect((await stage.get("/settings/team", { cookie })).headers.get("location")).toMatch(/^\/signin/);
    expect((await stage.post("/signout", {})).status).toBe(401);
  });
});
