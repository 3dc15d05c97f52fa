import { sql } from "kysely";
import type { Context } from "../../src/context.ts";
import { transact } from "../../src/db/tx.ts";
import { jobNames } from "../../src/queue/catalog.ts";
import type { Handlers, JobFacts } from "../../src/queue/handler.ts";
import { asOwner, type TestDatabase } from "./database.ts";

type Handler = (payload: Record<string, unknown>, facts: JobFacts) => Promise<void>;

/** Handlers that all do the same thing: to see what the queue does with them. */
export function sameHandlers(handler: (name: string) => Handler): Handlers<unknown> {
  const entries = jobNames().map((name) => [
    name,
    (_cx: unknown, payload: Record<string, unknown>, facts: JobFacts) => handler(name)(payload, facts),
  ]);
  return Object.fromEntries(entries) as Handlers<unknown>;
}

/** A table into which handlers of several processes write what they do. */
export async function makeDesk(box: TestDatabase): Promise<void> {
  await asOwner(
    box,
    "create table desk (id bigint generated always as identity, job text, event text, worker integer)",
  );
  await asOwner(box, "grant select, insert on desk to sfp_app");
}

export async function noteAtDesk(cx: Pick<Context, "database">, job: string, event: string): Promise<void> {
  await transact(cx.database, (tx) =>
    sql`insert into desk (job, event, worker) values (${job}, ${event}, ${process.pid})`.execute(tx),
  );
}

export async function readDesk(
  cx: Pick<Context, "database">,
): Promise<{ job: string; event: string; worker: number }[]> {
  const { rows } = await transact(cx.database, (tx) =>
    sql<{
      job: string;
      event: string;
      worker: number;
    }>`select job, event, worker from desk order by id`.execute(tx),
  );
  return rows;
}
