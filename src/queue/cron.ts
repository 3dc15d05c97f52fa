import type { JobName } from "./catalog.ts";

/** The timetable: what runs by the clock, in UTC. Each line is a crontab pattern and a job without a payload. */
export const TIMETABLE: readonly { pattern: string; job: JobName }[] = [
  { pattern: "*/5 * * * *", job: "connections.syncAll" },
  { pattern: "* * * * *", job: "links.expireDue" },
  { pattern: "* * * * *", job: "reminders.sendDue" },
  { pattern: "* * * * *", job: "payments.sweepAll" },
  { pattern: "* * * * *", job: "postings.sweepAll" },
  { pattern: "* * * * *", job: "inbox.sweepAll" },
  { pattern: "*/10 * * * *", job: "deposits.sweepAll" },
  { pattern: "26 * * * *", job: "deposits.compareAll" },
  { pattern: "17 * * * *", job: "queue.foldTallies" },
  { pattern: "43 * * * *", job: "team.forgetExpired" },
  { pattern: "53 * * * *", job: "queue.forgetReplaced" },
];
