import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Actor, Context } from "../context.ts";
import { enterFirm } from "../db/tenant.ts";
import { brokeConstraint, type Tx, transact } from "../db/tx.ts";
import { insertAccount, insertFirm } from "./queries.ts";

const account = z.object({
  name: z.string().trim().min(1).max(100),
  kind: z.enum(["operating", "trust"]),
  processorAccount: z
    .string()
    .regex(/^acct_\w+$/, "the account's id at the card processor, which begins with acct_"),
  last4: z.string().regex(/^\d{4}$/, "the last four digits of the bank account"),
  feesPayer: z.enum(["account", "platform"]),
});

export const firmInput = z.object({
  name: z.string().trim().min(1).max(200),
  slug: z.string().regex(/^[a-z0-9-]{1,60}$/, "small letters, digits and hyphens"),
  timeZone: z.string().refine(isTimeZone, "a time zone such as America/Chicago"),
  address: z.string().max(500).default(""),
  phone: z.string().max(50).default(""),
  contactEmail: z.union([z.email(), z.literal("")]).default(""),
  disclaimer: z.string().max(2_000).default(""),
  accounts: z.array(account).max(20).default([]),
});

/**
 * Makes a firm with its settings and merchant accounts, then runs `within` in the same transaction, for the first members. Returns
 * the firm's id. Throws `conflict` when the short name or a processor account is taken, or a trust account would pay fees itself.
 */
export function createFirm(
  cx: Context,
  actor: Actor,
  input: z.input<typeof firmInput>,
  within: (tx: Tx, firmId: string) => Promise<void>,
): Promise<string> {
  const firm = firmInput.parse(input);
  const firmId = newId();
  return transact(cx.database, async (tx) => {
    await enterFirm(tx, firmId);
    await insertFirm(
      tx,
      { id: firmId, name: firm.name, slug: firm.slug, time_zone: firm.timeZone },
      {
        firm_id: firmId,
        address: firm.address,
        phone: firm.phone,
        contact_email: firm.contactEmail,
        disclaimer: firm.disclaimer,
      },
    );
    const kinds = new Set<string>();
    for (const each of firm.accounts) {
      const isFirstOfKind = !kinds.has(each.kind);
      kinds.add(each.kind);
      await insertAccount(tx, {
        firm_id: firmId,
        id: newId(),
        name: each.name,
        kind: each.kind,
        processor_account: each.processorAccount,
        last4: each.last4,
        currency: "USD",
        fees_payer: each.feesPayer,
        is_default: isFirstOfKind,
      });
    }
    await record(
      tx,
      { firmId, actor, requestId: newId() },
      { action: "firm.created", objectKind: "settings", objectId: firmId, after: { name: firm.name } },
    );
    await within(tx, firmId);
    return firmId;
  }).catch((error: unknown) => {
    throw translate(error);
  });
}

function translate(error: unknown): unknown {
  if (brokeConstraint(error, "firm_slug_unique"))
    return conflict("Another firm has this short name. Choose another.");
  if (brokeConstraint(error, "merchant_account_processor_owner")) {
    return conflict("This account at the card processor belongs to another firm.");
  }
  if (brokeConstraint(error, "merchant_account_trust_fees")) {
    return conflict(
      "A trust account must be set up so that the platform pays the processor's fees: fees never come out of client money.",
    );
  }
  return error;
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
