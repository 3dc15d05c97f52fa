import { type Context as Call, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Context, onAccount } from "../context.ts";
import type { PaymentMethodType, Session } from "../resources.ts";
import { find, findAnywhere, type Stored } from "../store/objects.ts";
import { type FieldErrors, readEntry, type Typed } from "./entry.ts";
import { Layout, money, STYLE_PATH } from "./layout.tsx";
import type { Result } from "./outcome.ts";
import { authenticate, payableSession, payByBankDebit, payByCard } from "./pay.ts";
import { STYLE } from "./style.ts";
import { AuthenticationPage, CheckoutPage, ClosedPage } from "./views.tsx";

const SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

/** The pages that a payer sees. */
export function hostedApp(base: Context): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header("content-security-policy", SECURITY_POLICY);
    c.header("referrer-policy", "no-referrer");
    c.header("x-content-type-options", "nosniff");
  });
  app.get(STYLE_PATH, (c) => c.body(STYLE, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/c/pay/:id", (c) => withSession(base, c, (cx, session) => showCheckout(cx, c, session)));
  app.post("/c/pay/:id", async (c) => {
    const typed = textsOf(await c.req.parseBody());
    return withSession(base, c, (cx, session) => submit(cx, c, session, typed));
  });
  app.get("/c/pay/:id/authenticate", (c) =>
    withSession(base, c, (cx, session) => {
      const intent = find(cx, "payment_intent", session.body.payment_intent ?? "");
      if (intent === undefined || intent.hidden.pending === null)
        return c.redirect(`/c/pay/${session.body.id}`, 303);
      return c.html(<AuthenticationPage merchant={merchantOf(cx)} session={session.body} />);
    }),
  );
  app.post("/c/pay/:id/authenticate", async (c) => {
    const { outcome } = textsOf(await c.req.parseBody());
    return withSession(base, c, (cx, session) => {
      const { id } = session.body;
      return show(
        cx,
        c,
        session,
        cx.store.transaction(() => authenticate(cx, id, outcome === "complete")),
        {},
      );
    });
  });
  app.get("/receipts/:id", (c) => showReceipt(base, c));
  return app;
}

function withSession(
  base: Context,
  c: Call,
  then: (cx: Context, session: Stored<"checkout.session">) => Response | Promise<Response>,
): Response | Promise<Response> {
  const session = findAnywhere(base.store, "checkout.session", c.req.param("id") ?? "");
  if (session === undefined) return c.html(<ClosedPage merchant="" session={null} onwards={null} />, 404);
  return then(onAccount(base, session.account), session);
}

function showCheckout(
  cx: Context,
  c: Call,
  session: Stored<"checkout.session">,
): Response | Promise<Response> {
  const payable = cx.store.transaction(() => payableSession(cx, session.body.id));
  if (payable === undefined) return showClosed(cx, c, session.body.id, 200);
  const problem = find(cx, "payment_intent", payable.body.payment_intent ?? "")?.body.last_payment_error
    ?.message;
  return page(cx, c, payable, { typed: {}, errors: {}, problem: problem ?? null, status: 200 });
}

function submit(
  cx: Context,
  c: Call,
  session: Stored<"checkout.session">,
  typed: Typed,
): Response | Promise<Response> {
  const { id, customer_email } = session.body;
  const fields = { ...typed, ...(customer_email === null ? {} : { email: customer_email }) };
  const entered = readEntry(fields, methodOf(session.body, typed.method), cx.now());
  if (entered.type === "wrong") {
    const payable = cx.store.transaction(() => payableSession(cx, id));
    if (payable === undefined) return showClosed(cx, c, id, 409);
    return page(cx, c, payable, {
      typed,
      errors: entered.errors,
      problem: "Please correct the fields below.",
      status: 422,
    });
  }
  const result = cx.store.transaction(() =>
    entered.type === "card"
      ? payByCard(cx, id, entered.entry, entered.payer)
      : payByBankDebit(cx, id, entered.entry, entered.payer),
  );
  return show(cx, c, session, result, typed);
}

function show(
  cx: Context,
  c: Call,
  session: Stored<"checkout.session">,
  result: Result,
  typed: Typed,
): Response | Promise<Response> {
  switch (result.next) {
    case "success":
      return c.redirect(onwards(result.session), 303);
    case "authenticate":
      return c.redirect(`/c/pay/${session.body.id}/authenticate`, 303);
    case "declined":
      return page(cx, c, session, { typed, errors: {}, problem: result.message, status: 402 });
    case "closed":
      return showClosed(cx, c, session.body.id, 409);
  }
}

type Shown = { typed: Typed; errors: FieldErrors; problem: string | null; status: ContentfulStatusCode };

function page(cx: Context, c: Call, { body, hidden }: Stored<"checkout.session">, shown: Shown) {
  const method = methodOf(body, shown.typed.method ?? c.req.query("method"));
  const { typed, errors, problem } = shown;
  // Card and account numbers do not come back on a page.
  const { number: _number, cvc: _cvc, account_number: _account, ...safe } = typed;
  const props = {
    merchant: merchantOf(cx),
    session: body,
    items: hidden.line_items,
    method,
    typed: safe,
    errors,
    problem,
  };
  return c.html(<CheckoutPage {...props} />, shown.status);
}

function showClosed(cx: Context, c: Call, id: string, status: ContentfulStatusCode) {
  const session = find(cx, "checkout.session", id)?.body ?? null;
  const next = session === null ? null : session.status === "expired" ? session.cancel_url : onwards(session);
  return c.html(<ClosedPage merchant={merchantOf(cx)} session={session} onwards={next} />, status);
}

function showReceipt(base: Context, c: Call) {
  const charge = findAnywhere(base.store, "charge", c.req.param("id") ?? "");
  if (charge === undefined) return c.html(<ClosedPage merchant="" session={null} onwards={null} />, 404);
  const { amount, amount_refunded, currency } = charge.body;
  return c.html(
    <Layout title="Receipt">
      <h1>Receipt from {merchantOf(onAccount(base, charge.account))}</h1>
      <p class="total">{money(amount, currency)}</p>
      {amount_refunded > 0 && <p>Refunded: {money(amount_refunded, currency)}</p>}
      <p>Reference {charge.body.id}</p>
    </Layout>,
  );
}

function methodOf(session: Session, wish: string | undefined): PaymentMethodType {
  return (
    session.payment_method_types.find((type) => type === wish) ?? session.payment_method_types[0] ?? "card"
  );
}

function onwards(session: Session): string {
  return session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

function merchantOf(cx: Context): string {
  return findAnywhere(cx.store, "account", cx.account)?.body.business_profile.name ?? cx.account;
}

function textsOf(body: Record<string, unknown>): Typed {
  return Object.fromEntries(
    Object.entries(body).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
