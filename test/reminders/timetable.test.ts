import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { cancelLink } from "../../src/links/cancel.ts";
import { sendAllDue, sendDueOfFirm } from "../../src/reminders/send-due.ts";
import { asOwner } from "../support/database.ts";
import { useReminderStage } from "./stage.ts";

const { box, stage, setClock, usePlan, runAt, planned, outcomes, findLink, jobs, forgetJobs } =
  useReminderStage();

beforeAll(async () => {
  await usePlan();
});

describe("the timetable", () => {
  it("starts one job for a firm with something to look at, and none where nothing is", async () => {
    await planned();
    await forgetJobs();
    setClock("2025-11-19T12:00:00Z");
    await sendAllDue(stage.cx);
    expect(await jobs("reminders.sendFirm")).toEqual([]);
    setClock("2025-11-28T15:00:00Z");
    await sendAllDue(stage.cx);
    await sendAllDue(stage.cx);
    expect((await jobs("reminders.sendFirm")).map((job) => job.payload)).toEqual([
      { firmId: stage.firm.firmId },
    ]);
    await sendDueOfFirm(stage.cx, stage.firm.firmId);
  });

  it("does not let a link at which it fails hold up the others, and tries that one again later", async () => {
    const bad = await planned();
    const good = await planned();
    await asOwner(
      box,
      `create function break_link() returns trigger language plpgsql as $$ begin if new.link_id = '${bad.id}' then raise exception 'broken'; end if; return new; end $$;
       create trigger broken before insert on reminder for each row execute function break_link()`,
    );
    await runAt("2025-11-28T15:00:00Z");
    await asOwner(box, "drop trigger broken on reminder; drop function break_link()");
    expect(await outcomes(bad.id)).toEqual([]);
    expect(await outcomes(good.id)).toEqual(["1 sent"]);
    await runAt("2025-11-28T15:30:00Z");
    expect(await outcomes(bad.id)).toEqual([]);
    await runAt("2025-11-28T16:00:00Z");
    expect(await outcomes(bad.id)).toEqual(["1 sent"]);
  });

  it("finds its links through their own index, so that links with nothing to do cost nothing", async () => {
    const lines = await withFirm(stage.cx.database, stage.firm.firmId, async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      const { rows } = await sql<{ "QUERY PLAN": string }>`explain select id from payment_link
        where firm_id = ${stage.firm.firmId} and reminder_check_at <= now() order by reminder_check_at limit 100`.execute(
        tx,
      );
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
    expect(lines).toContain("payment_link_reminder_check");
    expect(lines).not.toContain("Sort");
  });

  it("cancelling leaves nothing to look at", async () => {
    const link = await planned();
    await cancelLink(stage.staff, { linkId: link.id });
    expect((await findLink(link.id)).reminder_check_at).toBeNull();
  });
});
