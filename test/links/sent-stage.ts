import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { asAdministrator, type TestDatabase } from "../support/database.ts";
import type { TestFirm } from "../support/world.ts";

type LinkWish = {
  client?: string;
  payer?: string;
  email?: string | null;
  reference?: string;
  description?: string;
  invoice?: string;
  amountMinor?: bigint;
  account?: "operating" | "trust";
  state?: "outstanding" | "processing" | "payment_received" | "part_paid" | "cancelled" | "expired";
  delivery?: "not_emailed" | "queued" | "sent" | "delivered" | "bounced";
  source?: "quick" | "bulk" | "api";
  dueOn?: string | null;
  createdAt?: string;
  expiresAt?: string;
  viewedAt?: string | null;
  triedAt?: string | null;
};

/** Puts a link into the database as if it had been sent long ago, whatever its state. Returns its id. */
export async function plantLink(member: MemberContext, firm: TestFirm, wish: LinkWish = {}): Promise<string> {
  const id = newId();
  const account = wish.account ?? "operating";
  await withFirm(member.database, member.firmId, async (tx) => {
    await tx
      .insertInto("payment_link")
      .values({
        firm_id: member.firmId,
        id,
        reference: wish.reference ?? `SFP-${id.slice(0, 7).toUpperCase()}`,
        source: wish.source ?? "quick",
        request_id: newId(),
        merchant_account_id: account === "trust" ? firm.trustAccountId : firm.operatingAccountId,
        account_kind: account,
        currency: "USD",
        amount_minor: wish.amountMinor ?? 125_000n,
        state: wish.state ?? "outstanding",
        delivery: wish.delivery ?? "delivered",
        description: wish.description ?? "Statement 20391",
        invoice_number: wish.invoice ?? "",
        client_name: wish.client ?? "Okafor Logistics, Inc.",
        payer_name: wish.payer ?? "Adaeze Okafor",
        payer_emails: wish.email === null ? [] : [wish.email ?? "a.okafor@okaforlogistics.example"],
        due_on: wish.dueOn === undefined ? null : wish.dueOn,
        created_by: member.actor.id,
        created_at: wish.createdAt ?? new Date().toISOString(),
        expires_at: wish.expiresAt ?? new Date(Date.now() + 30 * 86_400_000).toISOString(),
        last_viewed_at: wish.viewedAt ?? null,
        first_viewed_at: wish.viewedAt ?? null,
        tried_at: wish.triedAt ?? null,
        closed_at: wish.state === "payment_received" ? new Date().toISOString() : null,
      })
      .execute();
  });
  return id;
}

/**
 * Many different links at once, spread over two years, with holes in every column that may be empty. Past the triggers, which look at
 * each row: what they keep is written here.
 */
export async function plantMany(
  box: TestDatabase,
  member: MemberContext,
  firm: TestFirm,
  count: number,
): Promise<void> {
  await asAdministrator(
    box,
    `set session_replication_role = replica;
    insert into payment_link (firm_id, id, reference, source, request_id, merchant_account_id, account_kind, currency, amount_minor,
      state, delivery, description, invoice_number, client_name, matter_label, payer_name, payer_emails, due_on, created_by,
      created_at, expires_at, last_viewed_at, tried_at, closed_at)
    select '${member.firmId}', gen_random_uuid(), 'SFP-' || lpad(n::text, 7, '0'), (array['quick', 'bulk', 'api'])[1 + n % 3],
      gen_random_uuid(), '${firm.operatingAccountId}', 'operating', 'USD', 5000 + (n * 7919) % 900000,
      (array['outstanding', 'outstanding', 'processing', 'payment_received', 'part_paid', 'cancelled', 'expired'])[1 + n % 7],
      (array['not_emailed', 'queued', 'sent', 'delivered', 'bounced'])[1 + n % 5], 'Statement ' || 20000 + n % 5000,
      case when n % 4 = 0 then '' else (n % 300)::text end,
      case when n % 6 = 0 then '' else 'Client ' || (n % 700) || case when n % 2 = 0 then ' llc' else ' Inc.' end end,
      '10482-' || n % 50, 'Payer ' || (n % 900),
      case when n % 8 = 0 then '{}' else array['payer' || n % 900 || '@client.example'] end,
      case when n % 3 = 0 then null else date '2026-01-01' + (n % 500) end, '${member.actor.id}',
      timestamptz '2024-11-01' + (n % 700) * interval '1 day', now() + (n % 60 + 1) * interval '1 day',
      case when n % 3 = 0 then now() - (n % 90) * interval '1 hour' end, case when n % 40 = 0 then now() end,
      case when n % 7 > 2 then now() - (n % 90) * interval '1 day' end
    from generate_series(1, ${count}) n;
    insert into tally select firm_id, 'link', state, count(*) from payment_link where firm_id = '${member.firmId}' group by 1, 3;
    analyze payment_link`,
  );
}
