import { newId } from "../base/id.ts";
import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { notify } from "./notify.ts";
import { onPostmark } from "./on-postmark.ts";
import { prepareRequest } from "./prepare.ts";
import { mailContext, sendEmail } from "./send.ts";
import { sendTest } from "./send-test.ts";

export const deliveryJobs = {
  "delivery.request": (cx, { firmId, requestId }) =>
    prepareRequest(mailContext(cx, firmId, newId()), requestId),
  "delivery.send": (cx, { firmId, emailId }, job) =>
    sendEmail(mailContext(cx, firmId, newId()), emailId, job),
  "delivery.onPostmark": (cx, { firmId, inboxEventId }) =>
    onPostmark(mailContext(cx, firmId, newId()), inboxEventId),
  "delivery.notify": (cx, { firmId, ...notice }) => notify(mailContext(cx, firmId, newId()), notice),
  "delivery.sendTest": (cx, { firmId, ...asked }) => sendTest(mailContext(cx, firmId, newId()), asked),
} satisfies SomeHandlers<
  Context,
  "delivery.request" | "delivery.send" | "delivery.onPostmark" | "delivery.notify" | "delivery.sendTest"
>;
