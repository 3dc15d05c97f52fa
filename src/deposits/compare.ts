import { ConnectorError } from "../../connectors/contract.ts";
import { newId } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { ProcessorError } from "../stripe/port.ts";
import { compareAccount } from "./compare-processor.ts";
import { listAuthorized } from "./compare-queries.ts";
import { compareBooks, compareConnection } from "./compare-system.ts";
import { listAccountsInUse } from "./queries.ts";
import { type Outcome, settleFindings } from "./raise.ts";
import { keepFailure, keepLook } from "./sweep-queries.ts";
import { tellOfDifferences } from "./tell.ts";

/**
 * Compares the processor, our books and the matter systems of a firm, raises what does not agree, once, and closes what agrees again.
 * Those who keep the books hear of what is new. A side that cannot be asked is told of on the page of differences and holds up no other; nothing of it is closed or raised.
 */
export async function compareFirm(cx: Context, firmId: string): Promise<void> {
  const actor = { kind: "system", name: "Send for Payment" } as const;
  const who: FirmContext = { ...cx, firmId, actor, requestId: newId() };
  const { accounts, connections } = await withFirm(cx.database, firmId, async (tx) => ({
    accounts: await listAccountsInUse(tx, firmId),
    connections: await listAuthorized(tx, firmId),
  }));
  for (const account of accounts)
    await attempt(who, `account:${account.id}`, () => compareAccount(cx, account));
  for (const connection of connections)
    await attempt(who, `connection:${connection.id}`, () => compareConnection(cx, firmId, connection));
  await attempt(who, "books", () => compareBooks(cx, firmId));
  await tellOfDifferences(who);
}

async function attempt(
  who: FirmContext,
  subject: string,
  compare: () => Promise<(Outcome & { cursor?: string | undefined }) | undefined>,
): Promise<void> {
  const ranAt = who.now();
  try {
    const outcome = await compare();
    if (!outcome) return;
    await withFirm(who.database, who.firmId, async (tx) => {
      await settleFindings(tx, who, outcome);
      await keepLook(tx, who.firmId, subject, { ranAt, cursor: outcome.cursor });
    });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    who.log.warn("a side could not be compared", { subject, reason });
    await withFirm(who.database, who.firmId, (tx) => keepFailure(tx, who.firmId, subject, reason));
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof ProcessorError) return "The card processor could not be read.";
  if (error instanceof ConnectorError) return "The matter system could not be read.";
  return undefined;
}
