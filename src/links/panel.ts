import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { formatDecimal, sumMinor } from "../base/money.ts";
import { findConnection } from "../connections/queries.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { findMatter, type MatterFacts, type PayerRow } from "../matters/queries.ts";
import { spread } from "../statements/allocate.ts";
import { listOpenOfMatter, type StatementFacts } from "../statements/queries.ts";
import { type DefaultAccounts, listPayerChoices, readDefaultAccounts } from "./choices.ts";
import { fingerprint } from "./plan.ts";
import { type LinkRow, listMatterLinks } from "./queries.ts";

/** As many as one narrow panel can show; the rest are found in the product itself. */
const STATEMENT_LIMIT = 50;
const SENT_LIMIT = 10;
export const SENT_DAYS = 90;
const DAY_MS = 86_400_000;

/** All that the panel on one matter shows. */
export type Panel = {
  matter: MatterFacts;
  system: string;
  webOrigin: string;
  readAt: Date | null;
  statements: StatementFacts[];
  payers: PayerRow[];
  accounts: DefaultAccounts;
  sent: LinkRow[];
};

/** Reads the panel of a matter. Throws `not_found`, also for a matter of another firm. */
export function readPanel(cx: MemberContext, matterId: string): Promise<Panel> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const matter = isId(matterId) ? await findMatter(tx, cx.firmId, matterId) : undefined;
    const connection = matter ? await findConnection(tx, cx.firmId, matter.connectionId) : undefined;
    if (!matter || !connection) throw notFound("matter");
    const since = new Date(cx.now().getTime() - SENT_DAYS * DAY_MS);
    return {
      matter,
      system: cx.connectors.get(connection.connector)?.connector.manifest.name ?? connection.connector,
      webOrigin: connection.web_origin,
      readAt: connection.last_synced_at,
      statements: await listOpenOfMatter(tx, cx.firmId, matter.id, STATEMENT_LIMIT),
      payers: await listPayerChoices(tx, cx.firmId, [matter.id]),
      accounts: await readDefaultAccounts(tx, cx.firmId),
      sent: await listMatterLinks(tx, cx.firmId, matter.id, since, SENT_LIMIT),
    };
  });
}

/** Stands for the balances that the panel shows: a difference at sending means that one moved meanwhile. */
export function panelFingerprint(statements: readonly StatementFacts[]): string {
  return fingerprint(
    statements.map((statement) => ({
      statementId: statement.id,
      balanceMinor: statement.balanceMinor,
      amountMinor: statement.balanceMinor,
    })),
  );
}

type PanelLines =
  | { ok: true; lines: { statementId: string; amountMinor: bigint }[] }
  /** `amount` is what the box should hold instead. */
  | { ok: false; reason: string; amount: string };

/**
 * Lays one amount (minor units) on the ticked statements: trust requests in full, since they are never filled automatically, then the
 * invoices, oldest first. `offeredMinor` is what the box held when the page was made: when the ticks changed and it did not, the new
 * sum is shown before anything is sent.
 */
export function layPanelAmount(
  ticked: readonly StatementFacts[],
  amountMinor: bigint,
  offeredMinor: bigint,
): PanelLines {
  const all = sumMinor(ticked.map((statement) => statement.balanceMinor));
  const whole = formatDecimal(all);
  if (amountMinor <= 0n) return { ok: false, reason: "Enter an amount above zero", amount: whole };
  if (amountMinor === offeredMinor && amountMinor !== all)
    return { ok: false, reason: "The amount now fits what is ticked. Look at it, then send", amount: whole };
  if (amountMinor > all)
    return { ok: false, reason: `Ask for ${whole} or less: that is all of what is ticked`, amount: whole };
  const trust = ticked.filter((statement) => statement.kind === "trust_request");
  const trustMinor = sumMinor(trust.map((statement) => statement.balanceMinor));
  const restMinor = amountMinor - trustMinor;
  if (restMinor < 0n || (restMinor > 0n && trust.length === ticked.length)) {
    const reason = "A trust request is asked for in full. Untick it, or raise the amount";
    return { ok: false, reason, amount: whole };
  }
  const full = trust.map((statement) => ({ statementId: statement.id, amountMinor: statement.balanceMinor }));
  if (restMinor === 0n) return { ok: true, lines: full };
  const laid = spread(ticked, restMinor, "oldest");
  if (!laid.ok) throw new Error(`an amount within the balances could not be laid: ${laid.fault}`);
  const parts = [...laid.amounts].filter(([, part]) => part > 0n);
  return {
    ok: true,
    lines: [...full, ...parts.map(([statementId, part]) => ({ statementId, amountMinor: part }))],
  };
}
