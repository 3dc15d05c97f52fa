import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";

/** Asks for the postings of a payment that has arrived, in the caller's transaction. Those that arrive together are one job. */
export const askForPostings: (tx: Tx, firmId: string, paymentId: string) => Promise<void> = together(
  async (tx, firmId, paymentIds: readonly string[]) => {
    await enqueue(tx, "postings.prepare", { firmId, paymentIds: [...paymentIds] });
    return paymentIds.map(() => undefined);
  },
);
