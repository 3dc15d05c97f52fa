import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { remindNowAs } from "./remind-now.ts";
import { sendAllDue, sendDueOfFirm } from "./send-due.ts";

export const reminderJobs = {
  "reminders.sendDue": (cx) => sendAllDue(cx),
  "reminders.sendFirm": (cx, { firmId }) => sendDueOfFirm(cx, firmId),
  "reminders.remindNow": (cx, payload) => remindNowAs(cx, payload),
} satisfies SomeHandlers<Context, "reminders.sendDue" | "reminders.sendFirm" | "reminders.remindNow">;
