import { afterEach, describe, expect, it } from "vitest";
import { expireDue } from "../../src/links/expire.ts";
import { extendLink } from "../../src/links/extend.ts";
import { linkJobs } from "../../src/links/jobs.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { problemCode, useLinkStage } from "./stage.ts";

const DAY_MS = 86_400_000;
const { stage, clock, read, issued, findLink, auditOf, pay, bring, checkoutJobs, requestJobs } =
  useLinkStage();

afterEach(() => {
  clock.aheadMs = 0;
});

describe("extendLink", () => {
  it("lets the link live to the end of a day in the firm's time zone", async () => {
    const { link } = await issued();
    const day = new Date(Date.now() + 60 * DAY_MS).toISOString().slice(0, 10);
    const { expires_at } = await extendLink(stage.staff, { linkId: link.id, expiresOn: day });
    const local = new Intl.DateTimeFormat("sv-SE", {
      timeZone: "America/Chicago",
      dateStyle: "short",
      timeStyle: "medium",
    });
    expect(local.format(expires_at)).toBe(`${day} 23:59:59`);
    expect((await auditOf(link.id)).at(-1)?.action).toBe("link.extended");
  });

  it.each(["2020-01-01", "2999-01-01", "2026-02-30", ""])("refuses %j", async (expiresOn) => {
    const { link } = await issued();
    expect(await problemCode(extendLink(stage.staff, { linkId: link.id, expiresOn }))).toBe("invalid");
    expect((await findLink(link.id)).expires_at).toEqual(link.expires_at);
  });

  it("leaves a closed link alone", async () => {
    const { link } = await issued();
    await bring(link.id, "expired");
    const day = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
    expect(await problemCode(extendLink(stage.staff, { linkId: link.id, expiresOn: day }))).toBe("conflict");
  });
});

describe("makeSuccessor", () => {
  it("asks for what a part payment left on each statement, once", async () => {
    const { link, matter } = await issued([{ balanceMinor: 90_000n }, { balanceMinor: 250_000n }]);
    const [first, second] = matter.statements;
    await pay(link, [
      { statementId: first?.id ?? "", amountMinor: 90_000n },
      { statementId: second?.id ?? "", amountMinor: 10_000n },
    ]);
    await bring(link.id, "part_paid");
    const made = await Promise.all(
      [1, 2].map(() => makeSuccessor(stage.staff, { linkId: link.id, delivery: "email" })),
    );
    expect(made[0]?.id).toBe(made[1]?.id);
    expect(made[0]).toMatchObject({
      predecessor_id: link.id,
      amount_minor: 240_000n,
      state: "outstanding",
      payer_emails: link.payer_emails,
      description: `Statement ${second?.number}`,
    });
    expect(await requestJobs(made[0]?.request_id ?? "")).toHaveLength(1);
    expect((await auditOf(link.id)).at(-1)).toMatchObject({ action: "link.succeeded" });
  });

  it("asks for no more than a balance that fell meanwhile", async () => {
    const { link, matter } = await issued([{ balanceMinor: 90_000n }]);
    await bring(link.id, "expired");
    await read((tx) =>
      tx
        .updateTable("statement")
        .set({ balance_minor: 30_000n })
        .where("id", "=", matter.statements[0]?.id ?? "")
        .execute(),
    );
    const successor = await makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" });
    expect(successor).toMatchObject({ amount_minor: 30_000n, delivery: "not_emailed" });
  });

  it("is not made when the statements are settled", async () => {
    const { link, matter } = await issued();
    await bring(link.id, "expired");
    await read((tx) =>
      tx
        .updateTable("statement")
        .set({ state: "paid", balance_minor: 0n })
        .where("id", "=", matter.statements[0]?.id ?? "")
        .execute(),
    );
    expect(await problemCode(makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" }))).toBe(
      "conflict",
    );
  });

  it.each(["outstanding", "processing", "payment_received", "cancelled"] as const)(
    "does not follow a link that is %s",
    async (state) => {
      const { link } = await issued();
      if (state !== "outstanding") await bring(link.id, state);
      const work = makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" });
      expect(await problemCode(work)).toBe("conflict");
    },
  );
});

describe("expireDue", () => {
  it("closes what has run out in every firm, and the second run finds nothing", async () => {
    const { link } = await issued();
    const fresh = await issued();
    await read((tx) =>
      tx
        .updateTable("payment_link")
        .set({ expires_at: new Date(Date.now() - 1_000) })
        .where("id", "=", link.id)
        .execute(),
    );
    expect(await expireDue(stage.cx)).toBe(1);
    expect(await expireDue(stage.cx)).toBe(0);
    expect((await findLink(link.id)).state).toBe("expired");
    expect((await findLink(fresh.link.id)).state).toBe("outstanding");
    expect(await checkoutJobs(link.id)).toHaveLength(1);
    expect((await auditOf(link.id)).at(-1)).toMatchObject({ action: "link.expired", actor_kind: "system" });
  });

  it("is what the timetable's job does", async () => {
    const { link } = await issued();
    clock.aheadMs = 31 * DAY_MS;
    await linkJobs["links.expireDue"](stage.cx);
    expect((await findLink(link.id)).state).toBe("expired");
  });

  it("leaves a debit under way alone", async () => {
    const { link } = await issued();
    await bring(link.id, "processing");
    clock.aheadMs = 31 * DAY_MS;
    await expireDue(stage.cx);
    expect((await findLink(link.id)).state).toBe("processing");
  });
});
