import { newId, newReference } from "../../src/base/id.ts";
import type { Role } from "../../src/base/permission.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { openBrowser } from "../postings/browser.ts";
import type { Desk } from "../postings/desk.ts";
import { makeMember } from "../support/world.ts";

const DAY_MS = 86_400_000;

type LinkFacts = {
  amountMinor: bigint;
  ageDays?: number;
  expiresInDays?: number;
  delivery?: "delivered" | "bounced";
  deliveryReason?: string;
  triedReason?: string;
  state?: "outstanding" | "cancelled";
};

/** A Quick Link of the firm as its row stands. Returns its id. */
export async function addLink(desk: Desk, facts: LinkFacts): Promise<string> {
  const id = newId();
  const { firmId, operatingAccountId } = desk.firm;
  await withFirm(desk.cx.database, firmId, (tx) =>
    tx
      .insertInto("payment_link")
      .values({
        firm_id: firmId,
        id,
        reference: newReference("LNK", 8),
        source: "quick",
        request_id: newId(),
        merchant_account_id: operatingAccountId,
        account_kind: "operating",
        currency: "USD",
        amount_minor: facts.amountMinor,
        state: facts.state ?? "outstanding",
        delivery: facts.delivery ?? "delivered",
        delivery_reason: facts.deliveryReason ?? null,
        description: "Statement 20377",
        payer_name: "Harlan Pryce",
        created_by: desk.bookkeeper.actor.id,
        created_at: new Date(desk.clock.at - (facts.ageDays ?? 0) * DAY_MS),
        expires_at: new Date(desk.clock.at + (facts.expiresInDays ?? 20) * DAY_MS),
        due_on: "2026-01-01",
        tried_at: facts.triedReason === undefined ? null : new Date(desk.clock.at - DAY_MS),
        tried_reason: facts.triedReason ?? null,
      })
      .execute(),
  );
  return id;
}

/** Today as a new member with this role finds it. */
export async function todayOf(desk: Desk, role: Role = "bookkeeper") {
  const member = await makeMember(desk.cx, desk.firm.firmId, role);
  return await (await openBrowser(desk.cx, member)).get("/");
}
