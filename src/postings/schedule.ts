import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";

/**
 * Asks for what may go of a connection's postings to be written, not before `runAt`. One such job waits at a time, and one works: the
 * postings of a connection are written one after the other, in order, and connections do not wait for each other.
 */
export async function scheduleWrites(
  tx: Tx,
  firmId: string,
  connectionId: string,
  runAt?: Date,
): Promise<void> {
  const options = { queue: `connection:${connectionId}`, key: `postings.write:${connectionId}` };
  await enqueue(tx, "postings.write", { firmId, connectionId }, runAt ? { ...options, runAt } : options);
}
