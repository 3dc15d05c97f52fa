import { afterEach, beforeAll, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { deliveryJobs } from "../../src/delivery/jobs.ts";
import type { Notice } from "../../src/delivery/notify.ts";
import { makeMember } from "../support/world.ts";
import { useLetterDesk } from "./desk.ts";

const desk = useLetterDesk();
const { stage, issued, pay, sent, read, emailsOfKind, sendAllOf, changePayment } = desk;
let bookkeeper: MemberContext;

beforeAll(async () => {
  bookkeeper = await makeMember(stage.cx, stage.firm.firmId, "bookkeeper", "Tobias Ellery");
});
afterEach(async () => {
  await read((tx) => tx.deleteFrom("email").where("kind", "=", "notice").execute());
  sent.splice(0);
});

const tell = (notice: Omit<Notice, "occurrence">) =>
  deliveryJobs["delivery.notify"](stage.cx, { firmId: stage.firm.firmId, occurrence: newId(), ...notice });

async function paid() {
  const { link, matter } = await issued();
  const paymentId = await pay(link, [{ statementId: matter.statements[0]?.id ?? "", amountMinor: 125_000n }]);
  return { link, paymentId };
}

const disputed = (paymentId: string, kind: "chargeback" | "bank_return", amountMinor: bigint) =>
  read((tx) =>
    tx
      .insertInto("dispute")
      .values({
        firm_id: stage.firm.firmId,
        id: newId(),
        payment_id: paymentId,
        processor_dispute_id: `dp_${newId()}`,
        kind,
        state: kind === "chargeback" ? "open" : "lost",
        reason: "general",
        amount_minor: amountMinor,
        currency: "USD",
        is_laid: false,
        turn: 1,
        moved_at: new Date(),
        opened_at: new Date(),
        evidence_due_at: kind === "chargeback" ? new Date("2026-12-04T12:00:00Z") : null,
        closed_at: kind === "chargeback" ? null : new Date(),
      })
      .execute(),
  );

it("names the part that is disputed and the day by which to answer", async () => {
  const { paymentId } = await paid();
  await changePayment(paymentId, { dispute: "open" });
  await disputed(paymentId, "chargeback", 40_000n);
  await tell({ event: "dispute", paymentId });
  const [message] = await sendAllOf("notice");
  expect(message?.text).toMatch(/\$400\.00 of payment PAY-\w+ of \$1,250\.00 by .* is disputed/);
  expect(message?.text).toContain("An answer is due at the card processor by Friday, December 4, 2026.");
});

it("tells of a bank return in its own words, as a payment that failed", async () => {
  const { link, paymentId } = await paid();
  await changePayment(paymentId, { method: "bank_debit", dispute: "lost" });
  await disputed(paymentId, "bank_return", 125_000n);
  await tell({ event: "payment_failed", paymentId });
  const [message] = await sendAllOf("notice");
  expect(message?.subject).toBe(`A bank payment for ${link.reference} was returned`);
  expect(message?.text).toContain("was taken back by the payer's bank");
  expect(message?.text).toContain("cannot be contested");
  expect(message?.text).not.toContain("charged back");
});

it("tells those who keep the books, not the sender, of a refund that did not arrive, and why", async () => {
  const { link, paymentId } = await paid();
  await read((tx) =>
    tx
      .insertInto("refund")
      .values({
        firm_id: stage.firm.firmId,
        id: newId(),
        payment_id: paymentId,
        origin: "firm",
        state: "failed",
        processor_refund_id: "re_1",
        amount_minor: 40_000n,
        currency: "USD",
        note: "Billed twice",
        requested_by: bookkeeper.actor.id,
        is_laid: false,
        turn: 2,
        moved_at: new Date(),
        failure_reason: "The payer’s bank declined it.",
      })
      .execute(),
  );
  await tell({ event: "refund_failed", paymentId });
  expect((await emailsOfKind("notice")).map((email) => email.member_id)).toEqual([bookkeeper.actor.id]);
  const [message] = await sendAllOf("notice");
  expect(message?.subject).toBe(`A refund for ${link.reference} did not reach the payer`);
  expect(message?.text).toContain("The refund of $400.00");
  expect(message?.text).toContain("The payer’s bank declined it.");
  expect(message?.text).toContain("The money is in the account again");
  expect(message?.text).toContain(`/payments/${paymentId}`);
});

it("says nothing of a payment of which every refund arrived, and that no bank took back", async () => {
  const { paymentId } = await paid();
  await tell({ event: "refund_failed", paymentId });
  await tell({ event: "payment_failed", paymentId });
  await tell({ event: "dispute", paymentId });
  expect(await sendAllOf("notice")).toEqual([]);
});
