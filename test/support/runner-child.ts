import { openLog } from "../../src/base/log.ts";
import { openDatabase, openQueuePool } from "../../src/db/open.ts";
import { startRunner } from "../../src/queue/runner.ts";
import { noteAtDesk, sameHandlers } from "./work-desk.ts";

// A job runner in a process of its own, whose jobs begin and never end: it is there to be killed.
const [url = ""] = process.argv.slice(2);
const log = openLog("warn", (line) => process.stderr.write(`${line}\n`));
const onError = (error: Error) => log.warn(error.message);
const database = openDatabase({ url, size: 2, onError });
const handlers = sameHandlers(() => async (payload) => {
  await noteAtDesk({ database }, String(payload.paymentId), "began");
  await new Promise(() => undefined);
});
await startRunner({
  pool: openQueuePool({ url, size: 6, onError }),
  cx: undefined,
  handlers,
  concurrency: 2,
  log,
});
