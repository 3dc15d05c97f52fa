import { Hono } from "hono";
import { setFeesPayer } from "../accounts.ts";
import type { FormMap } from "../api/form.ts";
import { flag, integer, oneOf, type Rule, shape, text } from "../api/parameters.ts";
import { missing, notAllowed, Problem, problemBody } from "../api/problems.ts";
import { type Context, onAccount } from "../context.ts";
import { closeDispute, openDispute } from "../disputes.ts";
import { adjustBalance, cancelPayout, failPayout, makePayout } from "../payouts.ts";
import { decideRefund } from "../refunds.ts";
import type { Kind } from "../resources.ts";
import { settleBankDebit } from "../settle.ts";
import { fieldIs, findAnywhere, type Stored, select } from "../store/objects.ts";
import { deliveriesOf, requeue } from "../webhooks/deliveries.ts";
import { readSwitches, WELL_BEHAVED, writeSwitches } from "../webhooks/switches.ts";
import { addFault, clearFaults, FAULT_KINDS } from "./faults.ts";

const MAX_COPIES = 10;
const MAX_SKEW_SECONDS = 86_400;
const MAX_DELAY_MILLISECONDS = 3_600_000;
const MAX_FAULTS = 1_000;
const MAX_ADJUSTMENT_CENTS = 99_999_999;

const DISORDER_WINDOW_MILLISECONDS = 2_000;

const milliseconds = integer(0, MAX_DELAY_MILLISECONDS);

/** A window in milliseconds, or yes or no. */
const disorderWindow: Rule<number> = (value, path) => {
  if (value === "true") return DISORDER_WINDOW_MILLISECONDS;
  return value === "false" ? 0 : milliseconds(value, path);
};

const subjectFields = { session: text(), payment_intent: text(), charge: text() };

/**
 * What the world outside would do: each takes the fields of a form or of a JSON object and says what came of
 * it.
 */
const ACTIONS: Record<string, (base: Context, form: FormMap) => Record<string, unknown>> = {
  webhooks: action(
    shape({
      duplicate: integer(1, MAX_COPIES),
      delay_milliseconds: milliseconds,
      disorder: disorderWindow,
      stopped: flag,
      clock_skew_seconds: integer(-MAX_SKEW_SECONDS, MAX_SKEW_SECONDS),
      reset: flag,
    }),
    (base, { reset, ...wishes }) => {
      const before = reset === true ? WELL_BEHAVED : readSwitches(base.store);
      const given = Object.entries(wishes).filter(([, value]) => value !== undefined);
      const after = { ...before, ...Object.fromEntries(given) };
      writeSwitches(base.store, after);
      return after;
    },
  ),
  faults: action(
    shape({
      kind: oneOf(...FAULT_KINDS),
      count: integer(1, MAX_FAULTS),
      path: text(),
      milliseconds,
      reset: flag,
    }),
    (base, wish) => {
      if (wish.reset === true) clearFaults(base.store);
      if (wish.kind === undefined) return { reset: wish.reset ?? false };
      const { kind, count = 1, path = "/v1/", milliseconds: wait = 0 } = wish;
      addFault(base.store, { kind, count, path, milliseconds: wait });
      return { kind, count, path, milliseconds: wait };
    },
  ),
  settle: action(shape(subjectFields), (base, subject) => {
    const charge = chargeOf(base, subject);
    settleBankDebit(onAccount(base, charge.account), charge.body.id);
    return seen(base, "charge", charge.body.id).body;
  }),
  dispute: action(
    shape({
      ...subjectFields,
      amount: integer(1),
      reason: text(),
      inquiry: flag,
    }),
    (base, { session, payment_intent, charge, amount, reason, inquiry }) => {
      const stored = chargeOf(base, { session, payment_intent, charge });
      return openDispute(onAccount(base, stored.account), stored.body.id, {
        ...(amount === undefined ? {} : { amount }),
        ...(reason === undefined ? {} : { reason }),
        ...(inquiry === undefined ? {} : { inquiry }),
      });
    },
  ),
  "dispute/close": action(
    shape({ ...subjectFields, dispute: text(), outcome: oneOf("won", "lost") }, ["outcome"]),
    (base, { dispute, outcome, ...subject }) => {
      const stored = dispute === undefined ? openDisputeOf(base, subject) : seen(base, "dispute", dispute);
      return closeDispute(onAccount(base, stored.account), stored.body.id, outcome);
    },
  ),
  refund: action(
    shape({ refund: text(), outcome: oneOf("succeeded", "failed") }, ["refund", "outcome"]),
    (base, { refund, outcome }) => {
      const stored = seen(base, "refund", refund);
      return decideRefund(onAccount(base, stored.account), stored.body.id, outcome);
    },
  ),
  payout: action(shape({ account: text(), manual: flag }, ["account"]), (base, { account, manual }) => {
    seen(base, "account", account);
    return makePayout(onAccount(base, account), { manual: manual ?? false });
  }),
  "payout/cancel": action(shape({ payout: text() }, ["payout"]), (base, { payout }) => {
    const stored = seen(base, "payout", payout);
    return cancelPayout(onAccount(base, stored.account), payout);
  }),
  fees: action(
    shape({ account: text(), payer: oneOf("account", "application") }, ["account", "payer"]),
    (base, { account, payer }) => setFeesPayer(base, account, payer),
  ),
  adjust: action(
    shape(
      { account: text(), amount: integer(-MAX_ADJUSTMENT_CENTS, MAX_ADJUSTMENT_CENTS), description: text() },
      ["account", "amount"],
    ),
    (base, { account, amount, description }) => {
      seen(base, "account", account);
      return adjustBalance(onAccount(base, account), amount, description ?? "Balance correction");
    },
  ),
  "payout/fail": action(shape({ payout: text() }, ["payout"]), (base, { payout }) => {
    const stored = seen(base, "payout", payout);
    return failPayout(onAccount(base, stored.account), payout);
  }),
  resend: action(shape({ event: text() }, ["event"]), (base, { event }) => {
    seen(base, "event", event);
    const deliveries = deliveriesOf(base.store, event);
    for (const { id } of deliveries) requeue(base.store, id, base.now());
    return { event, deliveries: deliveries.length };
  }),
};

function action<T>(rule: Rule<T>, run: (base: Context, input: T) => Record<string, unknown>) {
  return (base: Context, form: FormMap) => run(base, rule(form, ""));
}

/** The object with this id on whichever account, or a 404. */
function seen<K extends Kind>(base: Context, kind: K, id: string): Stored<K> {
  const stored = findAnywhere(base.store, kind, id);
  if (stored === undefined) throw missing(kind, id, kind);
  return stored;
}

type Subject = {
  session?: string | undefined;
  payment_intent?: string | undefined;
  charge?: string | undefined;
};

/** The charge of a session or an intent, or the one that is named. */
function chargeOf(base: Context, subject: Subject): Stored<"charge"> {
  if (subject.charge !== undefined) return seen(base, "charge", subject.charge);
  const intent =
    subject.payment_intent ??
    (subject.session === undefined
      ? null
      : seen(base, "checkout.session", subject.session).body.payment_intent);
  if (intent === null) throw notAllowed("Name a session with a payment, a payment_intent or a charge.");
  const [charge] = select(base.store, "charge", null, [fieldIs("payment_intent", intent)], { limit: 1 });
  if (charge === undefined) throw missing("charge", intent, "payment_intent");
  return charge;
}

/** The dispute of a payment that still waits for an answer. */
function openDisputeOf(base: Context, subject: Subject): Stored<"dispute"> {
  const charge = chargeOf(base, subject).body.id;
  const open = { sql: "json_extract(body, '$.status') like '%needs_response'", values: [] };
  const [dispute] = select(base.store, "dispute", null, [fieldIs("charge", charge), open], { limit: 1 });
  if (dispute === undefined) throw missing("dispute", charge, "charge");
  return dispute;
}

/** The handles of the stand-in, for tests and demonstrations; Stripe has nothing like it. */
export function controlApp(base: Context): Hono {
  const app = new Hono();
  app.get("/control/health", (c) => c.json({ healthy: true }));
  app.get("/control/webhooks", (c) => c.json(readSwitches(base.store)));
  for (const [name, run] of Object.entries(ACTIONS)) {
    app.post(`/control/${name}`, async (c) => {
      const isJson = c.req.header("content-type")?.startsWith("application/json") === true;
      const form = isJson ? textual(await c.req.json()) : textual(await c.req.parseBody());
      // The dashboard's buttons come back to the dashboard; everybody else gets the object.
      const { back, ...input } = form;
      try {
        const body = base.store.transaction(() => run(base, input));
        return back === "dashboard" ? c.redirect("/dashboard", 303) : c.json(body);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return c.json(problemBody(error, base.origin), error.status);
      }
    });
  }
  return app;
}

function textual(body: unknown): FormMap {
  if (typeof body !== "object" || body === null) return {};
  const given = Object.entries(body).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
