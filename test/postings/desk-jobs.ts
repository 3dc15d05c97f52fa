import { postingJobs } from "../../src/postings/jobs.ts";
import type { TestDatabase } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import type { Desk } from "./desk.ts";

/** What the queue tells a job that runs for the first time. */
export const FIRST_TRY = { attempt: 1, isLastAttempt: false, signal: undefined };

/** Whether a job waits that writes what may go through the desk's connection. */
export async function isWriteAsked(box: TestDatabase, desk: Desk): Promise<boolean> {
  const jobs = await waitingJobs(box);
  const { connectionId } = desk.matter;
  return jobs.some((job) => job.name === "postings.write" && job.payload.connectionId === connectionId);
}

export function sweep(desk: Desk): Promise<void> {
  return postingJobs["postings.sweepAll"](desk.cx);
}

export function confirm(desk: Desk): Promise<void> {
  const { connectionId } = desk.matter;
  return postingJobs["postings.confirm"](desk.cx, { firmId: desk.firm.firmId, connectionId });
}
