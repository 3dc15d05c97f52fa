import { sql } from "kysely";
import { beforeEach } from "vitest";
import type { ConnectionRow } from "../../src/connections/queries.ts";
import type { SyncRunRow } from "../../src/connections/run-queries.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { JobFacts } from "../../src/queue/handler.ts";
import { syncConnection } from "../../src/statements/sync.ts";
import {
  connect,
  connectorsOf,
  makeReadingSystem,
  type ReadingSystem,
} from "../connections/reading-system.ts";
import { clientRecord, matterRecord, statementRecord } from "../connections/records.ts";
import { asOwner, type TestDatabase, useDatabase } from "../support/database.ts";
import { makeFirm, testContext } from "../support/world.ts";

const JOB: JobFacts = { attempt: 1, isLastAttempt: false, signal: undefined };

/**
 * A connected firm and its matter system with three matters and five statements, laid anew before each test; with what a test does
 * and asks.
 */
export function useSyncDesk() {
  const box: TestDatabase = useDatabase();
  const desk = {
    box,
    system: {} as ReadingSystem,
    cx: {} as Context,
    firmId: "",
    connectionId: "",
    key: () => ({ firmId: desk.firmId, connectionId: desk.connectionId }),
    sync: (job: Partial<JobFacts> = {}): Promise<void> =>
      syncConnection(desk.cx, desk.key(), { ...JOB, ...job }),
    statements: () =>
      withFirm(desk.cx.database, desk.firmId, (tx) =>
        tx
          .selectFrom("statement")
          .selectAll()
          .where("firm_id", "=", desk.firmId)
          .orderBy("external_id")
          .execute(),
      ),
    connection: (): Promise<ConnectionRow> =>
      withFirm(desk.cx.database, desk.firmId, (tx) =>
        tx.selectFrom("connection").selectAll().where("id", "=", desk.connectionId).executeTakeFirstOrThrow(),
      ),
    runs: (): Promise<SyncRunRow[]> =>
      withFirm(desk.cx.database, desk.firmId, (tx) =>
        tx
          .selectFrom("sync_run")
          .selectAll()
          .where("firm_id", "=", desk.firmId)
          .orderBy("started_at")
          .execute(),
      ),
    problems: () =>
      withFirm(desk.cx.database, desk.firmId, (tx) =>
        tx
          .selectFrom("sync_problem")
          .select(["family", "external_id", "reason"])
          .where("firm_id", "=", desk.firmId)
          .execute(),
      ),
    /** Runs SQL as the service does, in the firm. */
    inFirm: (text: string) =>
      withFirm(desk.cx.database, desk.firmId, (tx) => sql.raw<Record<string, unknown>>(text).execute(tx)),
    /** Which version of each row stands there: another number after a write. */
    rowVersions: async () => {
      const tables = ["statement", "matter", "client", "payer"];
      const selects = tables.map((table) => `select id::text, xmin::text as version from ${table}`);
      return (await desk.inFirm(`${selects.join(" union all ")} order by 1`)).rows;
    },
    /** Makes the next calls that begin so fail. */
    fail: (when: string, error: () => Error, times = 1) => {
      let left = times;
      desk.system.before = (call) => {
        if (!call.startsWith(when) || left === 0) return;
        left -= 1;
        throw error();
      };
    },
  };
  beforeEach(async () => {
    await asOwner(box, "delete from graphile_worker._private_jobs");
    const system = makeReadingSystem();
    system.clients = ["c1", "c2", "c3"].map((id) => clientRecord(id));
    system.matters = ["m1", "m2", "m3"].map((id, index) => matterRecord(id, `c${index + 1}`));
    system.statements = ["s1", "s2", "s3", "s4", "s5"].map((id, index) =>
      statementRecord(id, `m${(index % 3) + 1}`),
    );
    desk.system = system;
    desk.cx = testContext(box, { connectors: connectorsOf(system) });
    desk.firmId = (await makeFirm(desk.cx)).firmId;
    desk.connectionId = await connect(desk.cx, desk.firmId, system);
  });
  return desk;
}
