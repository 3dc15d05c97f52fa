import { beforeAll, describe, expect, it } from "vitest";
import { sendDueOfFirm } from "../../src/reminders/send-due.ts";
import { switchReminders } from "../../src/reminders/switch.ts";
import { DUE_ON, SENT_AT, useReminderStage } from "./stage.ts";

const desk = useReminderStage();
const { stage, read, runAt, setClock, outcomes, usePlan } = desk;
const FIRST = "2025-11-28T15:00:00Z";

beforeAll(async () => {
  await usePlan();
});

/** A request for both kinds of money: one email, two links. */
async function asked() {
  setClock(SENT_AT);
  const { links } = await desk.issued(
    [{ balanceMinor: 125_000n }, { balanceMinor: 400_000n, kind: "trust_request" }],
    { dueOn: DUE_ON },
  );
  await runAt(SENT_AT);
  const [operating, trust] = links;
  if (!operating || !trust) throw new Error("two links were expected");
  return { operating, trust };
}

const lettersOf = (requestId: string, linkIds: string[]) =>
  read((tx) =>
    tx
      .selectFrom("email")
      .selectAll()
      .where("kind", "=", "reminder")
      .where((of) => of.or([of("request_id", "=", requestId), of("link_id", "in", linkIds)]))
      .execute(),
  );

describe("a request for two accounts", () => {
  it("is reminded of in one email a day, and noted on both links", async () => {
    const { operating, trust } = await asked();
    await runAt(FIRST);
    await runAt(FIRST);
    for (const link of [operating, trust]) expect(await outcomes(link.id)).toEqual(["1 sent"]);
    const letters = await lettersOf(operating.request_id, [operating.id, trust.id]);
    expect(letters).toMatchObject([{ request_id: operating.request_id, link_id: null }]);
  });

  it("is one email, too, when many runners are at it", async () => {
    const { operating, trust } = await asked();
    setClock(FIRST);
    await sendDueOfFirm(stage.cx, stage.firm.firmId);
    await Promise.all([1, 2, 3].map(() => sendDueOfFirm(stage.cx, stage.firm.firmId)));
    expect(await lettersOf(operating.request_id, [operating.id, trust.id])).toHaveLength(1);
  });

  it("is reminded of the link alone whose other is paid or has its reminders off", async () => {
    const { operating, trust } = await asked();
    await desk.bring(operating.id, "payment_received");
    await runAt(FIRST);
    const [letter, ...more] = await lettersOf(operating.request_id, [operating.id, trust.id]);
    expect(more).toEqual([]);
    expect(letter?.link_id).toBe(trust.id);
    const other = await asked();
    await switchReminders(stage.staff, { linkId: other.trust.id, isOn: false });
    await runAt(FIRST);
    expect(await lettersOf(other.operating.request_id, [other.operating.id, other.trust.id])).toMatchObject([
      { link_id: other.operating.id },
    ]);
  });
});
