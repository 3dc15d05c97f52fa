import { bulkJobs } from "./bulk/jobs.ts";
import type { Context } from "./context.ts";
import { deliveryJobs } from "./delivery/jobs.ts";
import { depositJobs } from "./deposits/jobs.ts";
import { inboxJobs } from "./inbox/jobs.ts";
import { linkJobs } from "./links/jobs.ts";
import { payJobs } from "./pay/jobs.ts";
import { paymentJobs } from "./payments/jobs.ts";
import { postingJobs } from "./postings/jobs.ts";
import type { Handlers } from "./queue/handler.ts";
import { upkeepJobs } from "./queue/upkeep.ts";
import { reminderJobs } from "./reminders/jobs.ts";
import { connectionJobs } from "./statements/jobs.ts";
import { teamJobs } from "./team/jobs.ts";

/** What does each job of the catalogue. A job without a handler is a type error here. */
export const tasks: Handlers<Context> = {
  ...teamJobs,
  ...connectionJobs,
  ...linkJobs,
  ...bulkJobs,
  ...deliveryJobs,
  ...reminderJobs,
  ...payJobs,
  ...inboxJobs,
  ...paymentJobs,
  ...postingJobs,
  ...depositJobs,
  ...upkeepJobs,
};
