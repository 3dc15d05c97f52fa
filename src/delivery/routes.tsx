import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { isId } from "../base/id.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { parkEvent, receiveEvent } from "../inbox/receive.ts";
import { hashSecret } from "../vault/hash.ts";
import { allow } from "../web/allow.ts";
import type { Web, WebEnv } from "../web/env.ts";
import { readPostmarkEvent } from "./postmark-event.ts";
import { isFirm } from "./queries.ts";

/** A bounce may carry the start of the message that came back. */
const BODY_LIMIT_BYTES = 1_000_000;
const USER = "postmark";

export const deliveryRoutes = new Hono<WebEnv>();

// The service does not sign: a password that only it knows stands in for a signature.
// https://postmarkapp.com/developer/webhooks/webhooks-overview#protecting-your-webhook
deliveryRoutes.post(
  "/hooks/postmark",
  allow("signature"),
  bodyLimit({ maxSize: BODY_LIMIT_BYTES }),
  async (c) => {
    const cx = c.get("cx");
    if (!isPostmark(c)) return c.json({ error: "unauthorized" }, 401);
    const read = await readBody(c);
    if (!read.ok) return c.json({ error: "unreadable" }, 400);
    if (!read.event) return c.json({ outcome: "ignored" });
    const { firmId, event } = read.event;
    if (firmId === undefined || !(await isKnownFirm(cx, firmId))) {
      await parkEvent(cx, event);
      return c.json({ outcome: "parked" });
    }
    const isNew = await receiveEvent(cx, firmId, event);
    return c.json({ outcome: isNew ? "received" : "known" });
  },
);

async function readBody(
  c: Web,
): Promise<{ ok: true; event: ReturnType<typeof readPostmarkEvent> } | { ok: false }> {
  try {
    return { ok: true, event: readPostmarkEvent(await c.req.json()) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { ok: false };
    throw error;
  }
}

/** Compares hashes, which have one length, in a time that says nothing about how much was right. */
function isPostmark(c: Web): boolean {
  const [scheme, encoded = ""] = (c.req.header("Authorization") ?? "").split(" ");
  const given = Buffer.from(encoded, "base64").toString("utf8");
  const wanted = `${USER}:${c.get("cx").config.POSTMARK_WEBHOOK_PASSWORD}`;
  return scheme?.toLowerCase() === "basic" && timingSafeEqual(hashSecret(given), hashSecret(wanted));
}

async function isKnownFirm(cx: Context, firmId: string): Promise<boolean> {
  return isId(firmId) && (await withFirm(cx.database, firmId, (tx) => isFirm(tx, firmId)));
}
