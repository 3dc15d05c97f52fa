import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";

/**
 * Asks for a posting to be written, not before `runAt`. One job per posting waits at a time. Those of one connection go one after
 * the other, in order; connections do not wait for each other. `keep` leaves a job that waits already as it is.
 */
export async function scheduleWrite(
  tx: Tx,
  write: { firmId: string; postingId: string; connectionId: string },
  options: { runAt?: Date; keep?: boolean } = {},
): Promise<void> {
  await enqueue(
    tx,
    "postings.write",
    { firmId: write.firmId, postingId: write.postingId },
    {
      queue: `connection:${write.connectionId}`,
      key: `posting:${write.postingId}`,
      ...(options.runAt ? { runAt: options.runAt } : {}),
      ...(options.keep ? { keyMode: "keep" as const } : {}),
    },
  );
}
