import type { Child } from "hono/jsx";
import { notFound, Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { getScope, type Web } from "../web/env.ts";
import { type Flash, setFlash } from "../web/flash.ts";
import { renderStaff } from "../web/respond.tsx";
import { readBack } from "./back.ts";
import type { LineFacts } from "./line-view.tsx";
import { findPaymentGroup } from "./list-queries.ts";
import { readPosting } from "./read-list.ts";

export type Errors = Readonly<Record<string, string>> | undefined;
export type Decision = { line: LineFacts; payerName: string; back: string };

/**
 * Does what a member decided and says so on the list; what was typed wrong comes back on its page; what changed meanwhile is said on
 * the list. Both lead back to where the page was opened; `to` is another place to go to afterwards.
 */
export async function decide(
  c: Web,
  done: string | (() => Flash),
  decision: {
    act: () => Promise<unknown>;
    again: (errors: Errors) => Promise<Response>;
    to?: string | undefined;
  },
): Promise<Response> {
  try {
    await decision.act();
    setFlash(c, typeof done === "string" ? { tone: "good", text: done } : done());
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid") return await decision.again(error.fields);
    if (!(error instanceof Problem && error.code === "conflict")) throw error;
    setFlash(c, { tone: "bad", text: error.message });
  }
  return c.redirect(decision.to ?? backOf(c), 303);
}

/** Where a page of a decision was opened: the list with its filter, or a posting. */
export function backOf(c: Web): string {
  return readBack(c.req.query("back"));
}

/** The posting that an address names, with its payer, and where its page was opened. Throws `not_found`. */
export async function getDecision(c: Web): Promise<Decision> {
  const { firm } = getScope(c);
  const cx = c.get("cx");
  const id = c.req.param("id") ?? "";
  const line = isId(id) ? await readPosting(cx, firm, id) : undefined;
  if (!line) throw notFound("posting");
  const payment = await withFirm(cx.database, firm.id, (tx) =>
    findPaymentGroup(tx, firm.id, line.posting.payment_id),
  );
  return { line, payerName: payment?.payerName ?? "", back: backOf(c) };
}

/** A page of Manage Postings. */
export function show(c: Web, title: string, page: Child, errors?: Errors): Promise<Response> {
  return renderStaff(c, { title, nav: "postings", errors }, page);
}
