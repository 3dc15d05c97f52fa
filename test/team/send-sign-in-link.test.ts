import { describe, expect, it } from "vitest";
import { transact } from "../../src/db/tx.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { linkIn } from "./post-box.ts";
import { useStage } from "./stage.ts";

const MINUTES_MS = 60_000;

describe("the mail with a sign-in link", () => {
  const box = useDatabase();
  const stage = useStage(box);
  const addLink = async () => {
    const email = await stage.emailOf(stage.admin);
    await stage.post("/signin", { email, next: "/" });
    return email;
  };
  const attempts = async () =>
    (await asOwner<{ attempts: number }>(box, "select attempts from graphile_worker._private_jobs")).map(
      (row) => row.attempts,
    );

  it("goes to the member with the link as text and as a button, and nothing secret beside", async () => {
    const email = await addLink();
    await stage.drain();
    const [message] = stage.mail.sent;
    const link = linkIn(stage.mail, email);
    expect(message).toMatchObject({ to: email, subject: "Your sign-in link", tag: "sign-in", metadata: {} });
    expect(message?.html).toContain(`href="${stage.admin.config.PUBLIC_ORIGIN}${link}"`);
  });

  it.each(["later", "unclear"] as const)(
    "is tried again when the mail service answers `%s`",
    async (outcome) => {
      stage.mail.outcome = { outcome, reason: "busy" };
      await addLink();
      await stage.drain();
      expect(await attempts()).toEqual([1]);
      stage.mail.outcome = { outcome: "sent", messageId: "m" };
      await asOwner(box, "update graphile_worker._private_jobs set run_at = now()");
      await stage.drain();
      expect(await attempts()).toEqual([]);
      expect(stage.mail.sent).toHaveLength(2);
    },
  );

  it("is given up when the service refuses the address", async () => {
    stage.mail.outcome = { outcome: "refused", reason: "inactive" };
    await addLink();
    await stage.drain();
    expect(await attempts()).toEqual([]);
  });

  it("is not sent for a link that was used or ran out meanwhile, nor for one that is gone", async () => {
    await addLink();
    await transact(stage.admin.database, (tx) =>
      tx.updateTable("sign_in_link").set({ used_at: stage.now }).execute(),
    );
    await stage.drain();
    await addLink();
    stage.now = new Date(stage.now.getTime() + 11 * MINUTES_MS);
    await stage.drain();
    expect(stage.mail.sent).toEqual([]);
  });
});
