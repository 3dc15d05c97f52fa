import { afterEach, describe, expect, it } from "vitest";
import { cancelLink } from "../../src/links/cancel.ts";
import { correctLink } from "../../src/links/correct.ts";
import { extendLink } from "../../src/links/extend.ts";
import { resendLink } from "../../src/links/resend.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { problemCode, useLinkStage } from "./stage.ts";

const { stage, clock, issued, findLink, auditOf, bring, checkoutJobs, requestJobs } = useLinkStage();

afterEach(() => {
  clock.aheadMs = 0;
});

describe("cancelLink", () => {
  it("closes the link, expires what is open at the processor, and is recorded", async () => {
    const { link } = await issued();
    const cancelled = await cancelLink(stage.staff, { linkId: link.id });
    expect(cancelled.state).toBe("cancelled");
    expect(cancelled.closed_at).not.toBeNull();
    expect(await checkoutJobs(link.id)).toHaveLength(1);
    expect((await auditOf(link.id)).at(-1)).toMatchObject({
      action: "link.cancelled",
      before: { state: "outstanding" },
      after: { state: "cancelled" },
    });
  });

  it("changes nothing the second time", async () => {
    const { link } = await issued();
    await cancelLink(stage.staff, { linkId: link.id });
    await cancelLink(stage.staff, { linkId: link.id });
    expect(await checkoutJobs(link.id)).toHaveLength(1);
  });

  it.each(["processing", "payment_received", "part_paid", "expired"] as const)(
    "leaves a link that is %s alone",
    async (state) => {
      const { link } = await issued();
      await bring(link.id, state);
      expect(await problemCode(cancelLink(stage.staff, { linkId: link.id }))).toBe("conflict");
      expect((await findLink(link.id)).state).toBe(state);
    },
  );
});

describe("resendLink", () => {
  it("sends all open links of the request once more", async () => {
    const { link, links } = await issued([
      { balanceMinor: 90_000n },
      { balanceMinor: 500_000n, kind: "trust_request" },
    ]);
    const sent = await resendLink(stage.staff, { linkId: link.id, sendCount: 1 });
    expect(sent).toMatchObject({ send_count: 2, delivery: "queued", token_version: 1 });
    expect((await findLink(links[1]?.id ?? "")).send_count).toBe(2);
    expect(await requestJobs(link.request_id)).toHaveLength(2);
  });

  it("sends once for two clicks on the same page", async () => {
    const { link } = await issued();
    await Promise.all([1, 2].map(() => resendLink(stage.staff, { linkId: link.id, sendCount: 1 })));
    expect((await findLink(link.id)).send_count).toBe(2);
    expect(await requestJobs(link.request_id)).toHaveLength(2);
  });

  it("asks for an address where there is none", async () => {
    const { link } = await issued(undefined, { delivery: "copy", payerEmails: [] });
    expect(await problemCode(resendLink(stage.staff, { linkId: link.id, sendCount: 0 }))).toBe("invalid");
  });

  it("does not send a closed link", async () => {
    const { link } = await issued();
    await bring(link.id, "cancelled");
    expect(await problemCode(resendLink(stage.staff, { linkId: link.id, sendCount: 1 }))).toBe("conflict");
  });
});

describe("correctLink", () => {
  const correction = (linkId: string) => ({
    linkId,
    payerName: "Adaeze Okafor",
    payerEmails: ["ap@okaforlogistics.example"],
    tokenVersion: 1,
  });

  it("gives every open link of the request a new address and sends it there", async () => {
    const { link, links } = await issued([
      { balanceMinor: 90_000n },
      { balanceMinor: 500_000n, kind: "trust_request" },
    ]);
    await correctLink(stage.staff, correction(link.id));
    for (const each of links) {
      expect(await findLink(each.id)).toMatchObject({
        token_version: 2,
        send_count: 2,
        delivery: "queued",
        payer_emails: ["ap@okaforlogistics.example"],
      });
      expect(await checkoutJobs(each.id)).toHaveLength(1);
    }
    expect(await requestJobs(link.request_id)).toHaveLength(2);
  });

  it("corrects once for the same form sent twice, and refuses another form that is out of date", async () => {
    const { link } = await issued();
    await correctLink(stage.staff, correction(link.id));
    await correctLink(stage.staff, correction(link.id));
    expect((await findLink(link.id)).token_version).toBe(2);
    const late = { ...correction(link.id), payerEmails: ["somebody.else@okaforlogistics.example"] };
    expect(await problemCode(correctLink(stage.staff, late))).toBe("conflict");
  });

  it("keeps the addresses out of the record", async () => {
    const { link } = await issued();
    await correctLink(stage.staff, correction(link.id));
    const event = (await auditOf(link.id)).at(-1);
    expect(event).toMatchObject({
      action: "link.corrected",
      before: { tokenVersion: 1 },
      after: { tokenVersion: 2 },
    });
    expect(JSON.stringify([event?.before, event?.after])).not.toContain("@");
  });

  it("wants at least one address that can be one", async () => {
    const { link } = await issued();
    const empty = { ...correction(link.id), payerEmails: [] };
    expect(await problemCode(correctLink(stage.staff, empty))).toBe("invalid");
  });
});

describe("every verb on a link", () => {
  const verbs = {
    cancelLink: (linkId: string) => cancelLink(stage.stranger, { linkId }),
    resendLink: (linkId: string) => resendLink(stage.stranger, { linkId, sendCount: 1 }),
    correctLink: (linkId: string) =>
      correctLink(stage.stranger, {
        linkId,
        payerName: "Ana",
        payerEmails: ["a@b.example"],
        tokenVersion: 1,
      }),
    extendLink: (linkId: string) => extendLink(stage.stranger, { linkId, expiresOn: "2026-12-31" }),
    makeSuccessor: (linkId: string) => makeSuccessor(stage.stranger, { linkId, delivery: "copy" }),
  };

  it.each(Object.entries(verbs))("%s finds no link of another firm", async (_name, verb) => {
    const { link } = await issued();
    expect(await problemCode(verb(link.id))).toBe("not_found");
    expect(await findLink(link.id)).toEqual(link);
  });

  it.each(Object.entries(verbs))("%s finds nothing under what is no id", async (_name, verb) => {
    expect(await problemCode(verb("../../etc"))).toBe("not_found");
  });
});

describe("moveLink", () => {
  it("records a payment that arrives on a cancelled link", async () => {
    const { link } = await issued();
    await bring(link.id, "cancelled");
    const paid = await bring(link.id, "payment_received");
    expect(paid.state).toBe("payment_received");
  });

  it("opens the link again when a debit fails", async () => {
    const { link } = await issued();
    await bring(link.id, "processing");
    const open = await bring(link.id, "outstanding");
    expect([open.state, open.closed_at]).toEqual(["outstanding", null]);
  });

  it("keeps a link that is paid as it is", async () => {
    const { link } = await issued();
    await bring(link.id, "payment_received");
    expect(await problemCode(bring(link.id, "cancelled"))).toBe("conflict");
  });
});
