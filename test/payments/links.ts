import { newId, newReference } from "../../src/base/id.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import type { LinkState } from "../../src/links/state.ts";
import { makeMatter, type TestFirm } from "../support/world.ts";

const DAY_MS = 86_400_000;

export type LinkWish = {
  amountMinor?: bigint;
  /** Balances of the statements behind it, each asked for whole; none is a link that was typed by hand. */
  statements?: bigint[];
  isTrust?: boolean;
  partAllowed?: boolean;
  leastMinor?: bigint;
  state?: LinkState;
  expiresAt?: Date;
  payerEmails?: string[];
};

/** A link of the firm, with a statement behind it for each balance. */
export async function insertTestLink(
  stage: { cx: Context; firm: TestFirm; staff: MemberContext },
  wish: LinkWish,
): Promise<LinkRow> {
  const kind = wish.isTrust ? ("trust_request" as const) : ("invoice" as const);
  const balances = wish.statements ?? [wish.amountMinor ?? 125_000n];
  const matter = await makeMatter(
    stage.cx,
    stage.firm.firmId,
    balances.map((balanceMinor) => ({ balanceMinor, kind })),
  );
  const id = newId();
  const amount = wish.amountMinor ?? balances.reduce((sum, balance) => sum + balance, 0n);
  return await withFirm(stage.cx.database, stage.firm.firmId, async (tx) => {
    const link = await tx
      .insertInto("payment_link")
      .values({
        firm_id: stage.firm.firmId,
        id,
        reference: newReference("SFP", 7),
        source: balances.length === 0 ? "quick" : "matters",
        request_id: newId(),
        merchant_account_id: wish.isTrust ? stage.firm.trustAccountId : stage.firm.operatingAccountId,
        account_kind: wish.isTrust ? "trust" : "operating",
        currency: "USD",
        amount_minor: amount,
        state: wish.state ?? "outstanding",
        delivery: "sent",
        description: "Warehouse lease dispute",
        client_name: "Okafor Logistics, Inc.",
        payer_name: "Adaeze Okafor",
        payer_emails: wish.payerEmails ?? ["a.okafor@okaforlogistics.example"],
        part_payment_allowed: wish.partAllowed ?? false,
        least_amount_minor: wish.leastMinor ?? null,
        created_by: stage.staff.actor.id,
        expires_at: wish.expiresAt ?? new Date(Date.now() + 30 * DAY_MS),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    for (const [position, statement] of matter.statements.entries()) {
      await tx
        .insertInto("link_allocation")
        .values({
          firm_id: stage.firm.firmId,
          id: newId(),
          link_id: id,
          statement_id: statement.id,
          position,
          amount_minor: statement.balanceMinor,
          balance_at_sending_minor: statement.balanceMinor,
        })
        .execute();
    }
    return link;
  });
}
