import type { JobName, JobPayload } from "./catalog.ts";

/** What a handler may know of its job besides the payload. */
export type JobFacts = {
  /** 1 on the first try. */
  attempt: number;
  isLastAttempt: boolean;
  /** Aborted when the runner must stop. */
  signal: AbortSignal | undefined;
};

/** One handler per job. It may run more than once for one job: a runner can die after the work and before the record of it. */
export type Handlers<Cx> = {
  [Name in JobName]: (cx: Cx, payload: JobPayload<Name>, job: JobFacts) => Promise<void>;
};

/** What one feature contributes to tasks.ts. */
export type SomeHandlers<Cx, Names extends JobName> = Pick<Handlers<Cx>, Names>;
