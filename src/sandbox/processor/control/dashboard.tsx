import { Hono } from "hono";
import type { Child } from "hono/jsx";
import { type Context, onAccount, PLATFORM_ACCOUNT } from "../context.ts";
import { disputesOf } from "../disputes.ts";
import { Layout, money } from "../hosted/layout.tsx";
import { type Stored, select } from "../store/objects.ts";
import { deliveriesOf } from "../webhooks/deliveries.ts";

const MAX_ACCOUNTS = 50;
const MAX_CHARGES = 25;
const MAX_PAYOUTS = 10;
const MAX_EVENTS = 50;

/** The dashboard: what the stand-in holds, and buttons for what the world outside would do. */
export function dashboardApp(base: Context): Hono {
  const app = new Hono();
  // Stripe has a page for each payment; here everything stands on one.
  for (const path of ["/dashboard", "/dashboard/:account/payments/:intent"])
    app.get(path, (c) => c.html(<Dashboard base={base} />));
  return app;
}

function Dashboard({ base }: { base: Context }) {
  const accounts = select(base.store, "account", null, [], { limit: MAX_ACCOUNTS }).reverse();
  const events = select(base.store, "event", null, [], { limit: MAX_EVENTS });
  return (
    <Layout title="Dashboard" wide>
      <h1>Dashboard</h1>
      {accounts
        .filter(({ body }) => body.id !== PLATFORM_ACCOUNT)
        .map((account) => (
          <AccountSection base={base} account={account} />
        ))}
      <h2>Events</h2>
      <Table
        caption="The latest events and their deliveries"
        columns={["Time", "Type", "Account", "Deliveries", ""]}
      >
        {events.map((event) => (
          <EventRow base={base} event={event} />
        ))}
      </Table>
    </Layout>
  );
}

function AccountSection({ base, account }: { base: Context; account: Stored<"account"> }) {
  const { id, business_profile, controller } = account.body;
  const charges = select(base.store, "charge", id, [], { limit: MAX_CHARGES });
  const payouts = select(base.store, "payout", id, [], { limit: MAX_PAYOUTS });
  return (
    <section>
      <h2>{business_profile.name ?? id}</h2>
      <p>
        {id} · {controller.fees.payer === "account" ? "pays its own fees" : "the platform pays the fees"}
      </p>
      <Table caption="Payments" columns={["Time", "Charge", "Amount", "Status", "Refunded", "Dispute", ""]}>
        {charges.map((charge) => (
          <ChargeRow base={base} charge={charge} />
        ))}
      </Table>
      <Table caption="Payouts" columns={["Time", "Payout", "Amount", "Status", "Bank reference", ""]}>
        {payouts.map(({ body }) => (
          <tr>
            <td>{time(body.created)}</td>
            <td>{body.id}</td>
            <td class="amount">{money(body.amount, body.currency)}</td>
            <td>{body.status}</td>
            <td>{body.trace_id.value ?? "–"}</td>
            <td>
              {body.status !== "failed" && (
                <Button path="payout/fail" label="Send back" values={{ payout: body.id }} />
              )}
            </td>
          </tr>
        ))}
      </Table>
      <Button path="payout" label="Make a payout" values={{ account: id }} />
    </section>
  );
}

function ChargeRow({ base, charge }: { base: Context; charge: Stored<"charge"> }) {
  const { id, amount, amount_refunded, currency, status, created } = charge.body;
  const disputes = disputesOf(onAccount(base, charge.account), id);
  const open = disputes.find((dispute) => /needs_response$/.test(dispute.status));
  return (
    <tr>
      <td>{time(created)}</td>
      <td>{id}</td>
      <td class="amount">{money(amount, currency)}</td>
      <td>{status}</td>
      <td class="amount">{amount_refunded === 0 ? "–" : money(amount_refunded, currency)}</td>
      <td>{disputes.map((dispute) => dispute.status).join(", ") || "–"}</td>
      <td class="row">
        {status === "pending" && <Button path="settle" label="Settle" values={{ charge: id }} />}
        {status === "succeeded" && open === undefined && (
          <Button path="dispute" label="Dispute" values={{ charge: id }} />
        )}
        {open !== undefined && (
          <>
            <Button path="dispute/close" label="Won" values={{ dispute: open.id, outcome: "won" }} />
            <Button path="dispute/close" label="Lost" values={{ dispute: open.id, outcome: "lost" }} />
          </>
        )}
      </td>
    </tr>
  );
}

function EventRow({ base, event }: { base: Context; event: Stored<"event"> }) {
  const deliveries = deliveriesOf(base.store, event.body.id);
  const words = deliveries.map(
    ({ state, attempts, outcome }) => `${state}, tried ${attempts}× (${outcome ?? "not yet"})`,
  );
  return (
    <tr>
      <td>{time(event.body.created)}</td>
      <td>{event.body.type}</td>
      <td>{event.account}</td>
      <td>{words.join("; ") || "nobody listens"}</td>
      <td>
        {deliveries.length > 0 && (
          <Button path="resend" label="Send again" values={{ event: event.body.id }} />
        )}
      </td>
    </tr>
  );
}

function Table(props: { caption: string; columns: string[]; children: Child }) {
  return (
    // A table that is wider than the screen scrolls by itself, by keyboard too.
    <section class="scroll" tabindex={0} aria-label={props.caption}>
      <table>
        <caption>{props.caption}</caption>
        <thead>
          <tr>{props.columns.map((column) => (column === "" ? <td /> : <th scope="col">{column}</th>))}</tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </section>
  );
}

function Button(props: { path: string; label: string; values: Record<string, string> }) {
  return (
    <form method="post" action={`/control/${props.path}`}>
      <input type="hidden" name="back" value="dashboard" />
      {Object.entries(props.values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class="plain" aria-label={`${props.label} ${Object.values(props.values)[0]}`}>
        {props.label}
      </button>
    </form>
  );
}

function time(created: number): string {
  return new Date(created * 1000).toISOString().slice(0, "2026-01-01T00:00:00".length).replace("T", " ");
}
