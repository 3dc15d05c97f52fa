import { Hono } from "hono";
import { conflict, Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { may } from "../base/permission.ts";
import { withFirm } from "../db/tenant.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { type Form, readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { findWaiting, layUndone, type UndoneKind } from "./lay-undone.ts";
import { type PaymentPage, readPaymentPage } from "./payment-page.ts";
import { PaymentView } from "./payment-view.tsx";
import { AMOUNT_FIELD } from "./plan-refund.ts";
import { LinesForm, RefundForm, RefundReview, type RefundTyped, wholeOf } from "./refund-view.tsx";
import { checkRefund, requestRefund } from "./request-refund.ts";

/** The pages of one payment: what became of it, its refunds and its disputes. */
export const paymentPageRoutes = new Hono<WebEnv>();

paymentPageRoutes.get("/payments/:id", allow("postings.see"), async (c) => {
  const { firm, member } = getScope(c);
  const page = await readPaymentPage(c.get("cx"), firm.id, c.req.param("id"));
  return await renderStaff(
    c,
    { title: `Payment ${page.payment.reference}`, nav: "postings" },
    <PaymentView page={page} timeZone={firm.timeZone} mayRefund={may(member.role, "payments.refund")} />,
  );
});

paymentPageRoutes.get("/payments/:id/refund", allow("payments.refund"), async (c) => {
  const page = await readPage(c);
  if (page.refusal !== undefined) return leave(c, conflict(page.refusal));
  return await showForm(c, page, { refundId: newId(), amounts: wholeOf(page), note: "" });
});

paymentPageRoutes.post("/payments/:id/refund", allow("payments.refund"), async (c) => {
  const form = await readForm(c);
  const cx = memberContext(c);
  const typed = { refundId: form.text("refundId"), amounts: amountsOf(form), note: form.text("note") };
  const input = { paymentId: c.req.param("id"), ...typed };
  try {
    if (form.text("step") === "edit") return await showForm(c, await readPage(c), typed);
    if (form.text("step") === "refund") {
      await requestRefund(cx, input);
      setFlash(c, { tone: "good", text: "The refund is asked for. This page shows how far it is." });
      return c.redirect(`/payments/${input.paymentId}`, 303);
    }
    const plan = await checkRefund(cx, input);
    const page = await readPage(c);
    const title = `Refund ${page.payment.reference}`;
    const view = <RefundReview page={page} typed={typed} {...plan} />;
    return await renderStaff(c, { title, nav: "postings" }, view);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "conflict") return leave(c, error);
    if (error.code !== "invalid") throw error;
    return await showForm(c, await readPage(c), typed, error.fields);
  }
});

for (const kind of ["refund", "dispute"] as const) {
  const path = `/payments/:id/${kind}s/:undoneId/lines`;
  paymentPageRoutes.get(path, allow("payments.refund"), (c) => showLines(c, kind, new Map()));
  paymentPageRoutes.post(path, allow("payments.refund"), async (c) => {
    const amounts = amountsOf(await readForm(c));
    const paymentId = c.req.param("id") ?? "";
    const id = c.req.param("undoneId") ?? "";
    try {
      await layUndone(memberContext(c), { paymentId, kind, id, amounts });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "conflict") return leave(c, error);
      if (error.code !== "invalid") throw error;
      return await showLines(c, kind, amounts, error.fields);
    }
    setFlash(c, { tone: "good", text: "The lines are saved. What went back of them is reversed now." });
    return c.redirect(`/payments/${paymentId}`, 303);
  });
}

function readPage(c: Web): Promise<PaymentPage> {
  return readPaymentPage(c.get("cx"), getScope(c).firm.id, c.req.param("id") ?? "");
}

/** What cannot be done is said on the payment's page. */
function leave(c: Web, problem: Problem): Response {
  setFlash(c, { tone: "bad", text: problem.message });
  return c.redirect(`/payments/${c.req.param("id") ?? ""}`, 303);
}

function amountsOf(form: Form): Map<string, string> {
  return form.withPrefix(AMOUNT_FIELD);
}

async function showForm(
  c: Web,
  page: PaymentPage,
  typed: RefundTyped,
  errors?: FieldErrors,
): Promise<Response> {
  const title = `Refund ${page.payment.reference}`;
  const view = <RefundForm page={page} typed={typed} errors={errors} />;
  return await renderStaff(c, { title, nav: "postings", errors }, view);
}

async function showLines(
  c: Web,
  kind: UndoneKind,
  amounts: ReadonlyMap<string, string>,
  errors?: FieldErrors,
): Promise<Response> {
  const { firm } = getScope(c);
  const page = await readPage(c);
  const id = c.req.param("undoneId") ?? "";
  const waiting = await withFirm(c.get("cx").database, firm.id, (tx) => findWaiting(tx, firm.id, kind, id));
  if (waiting?.paymentId !== page.payment.id)
    return leave(c, conflict("Nothing waits for its lines here any more."));
  const title = kind === "refund" ? "Lines of a refund" : "Lines of a dispute";
  const action = `/payments/${page.payment.id}/${kind}s/${id}/lines`;
  const props = { page, action, title, amounts, errors, waiting };
  return await renderStaff(c, { title, nav: "postings", errors }, <LinesForm {...props} />);
}
