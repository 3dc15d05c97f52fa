import { EventEmitter } from "node:events";
import {
  Logger,
  type ParsedCronItem,
  parseCronItems,
  run,
  type TaskList,
  type WorkerEvents,
} from "graphile-worker";
import type { Pool } from "pg";
import type { Log } from "../base/log.ts";
import { CATALOG, type JobName, jobNames } from "./catalog.ts";
import { TIMETABLE } from "./cron.ts";
import type { Handlers, JobFacts } from "./handler.ts";
import { standWatch } from "./watch.ts";

/**
 * Jobs of one queue, such as a connection's postings, come one by one, and the next is only seen by asking again: the pause between two
 * askings is the pause between two postings of a firm's backlog.
 */
const POLL_INTERVAL_MS = 150;
/** Finished jobs are written off together; what waits here when a runner is killed is done once more. */
const COMPLETION_BATCH_DELAY_MS = 50;
const FAILURE_BATCH_DELAY_MS = 50;
/** Jobs get this long to end after a stop is asked for, then are handed back. */
const GRACE_MS = 20_000;

export type Runner = {
  /** Takes no new job, lets the running ones end, and hands back the rest. */
  stop: () => Promise<void>;
  /** Ends when the runner ends by itself; rejects when it broke. */
  done: Promise<void>;
};

export type RunnerOptions<Cx> = {
  /** Connections of the queue's own role; see openQueuePool. Not closed by the runner. */
  pool: Pool;
  cx: Cx;
  handlers: Handlers<Cx>;
  concurrency: number;
  log: Log;
};

/** Starts doing jobs, and watches for the jobs of runners that died. */
export async function startRunner<Cx>(options: RunnerOptions<Cx>): Promise<Runner> {
  const { pool, log } = options;
  const events = new EventEmitter() as WorkerEvents;
  const watch = await standWatch(pool, log);
  events.on("pool:create", ({ workerPool }) => watch.guard(workerPool.id));
  const runner = await run(
    {
      pgPool: pool,
      logger: graphileLogger(log),
      events,
      noHandleSignals: true,
      preset: {
        worker: {
          concurrentJobs: options.concurrency,
          pollInterval: POLL_INTERVAL_MS,
          completeJobBatchDelay: COMPLETION_BATCH_DELAY_MS,
          failJobBatchDelay: FAILURE_BATCH_DELAY_MS,
          localQueue: { size: options.concurrency + 1 },
          gracefulShutdownAbortTimeout: GRACE_MS,
        },
      },
    },
    taskList(options),
    timetable(),
  );
  return {
    done: runner.promise,
    async stop() {
      await runner.stop();
      await watch.end();
    },
  };
}

/** The library's form of our handlers: checks each payload and says when a job failed for the last time. */
export function taskList<Cx>(options: Pick<RunnerOptions<Cx>, "cx" | "handlers" | "log">): TaskList {
  const tasks: TaskList = {};
  for (const name of jobNames()) {
    tasks[name] = async (payload, helpers) => {
      const { attempts, max_attempts: tries } = helpers.job;
      const facts: JobFacts = {
        attempt: attempts,
        isLastAttempt: attempts >= tries,
        signal: helpers.abortSignal,
      };
      try {
        await call(options, name, payload, facts);
      } catch (error) {
        const say = facts.isLastAttempt ? options.log.error : options.log.warn;
        say(
          facts.isLastAttempt ? "a job failed for the last time" : "a job failed and will be tried again",
          { job: name, attempt: attempts },
          error,
        );
        throw error;
      }
    };
  }
  return tasks;
}

async function call<Cx, Name extends JobName>(
  options: Pick<RunnerOptions<Cx>, "cx" | "handlers">,
  name: Name,
  payload: unknown,
  facts: JobFacts,
): Promise<void> {
  const handler = options.handlers[name];
  await handler(options.cx, CATALOG[name].payload.parse(payload) as Parameters<typeof handler>[1], facts);
}

function timetable(): ParsedCronItem[] {
  return parseCronItems(
    TIMETABLE.map(({ pattern, job }) => ({
      task: job,
      match: pattern,
      options: { maxAttempts: CATALOG[job].tries, jobKey: job },
    })),
  );
}

function graphileLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    // Failures of jobs are told by our own wrapper, with the cause.
    if (level === "error" && !message.startsWith("Failed task")) log.error(`queue: ${message}`);
    else if (level === "warning") log.warn(`queue: ${message}`);
    else log.debug(`queue: ${message}`);
  });
}
