import type { Service } from "./start-service.ts";
import { until } from "./until.ts";
import { newVisitor, type Visitor } from "./visitor.ts";

const WAIT_MS = 30_000;
/** Docket's first matter in each sandbox. */
export const MATTER_NUMBER = "10482-003";
const PAYER_EMAIL = "a.okafor@okaforlogistics.example";
const CARD = { number: "4242 4242 4242 4242", expiry: "12 / 34", cvc: "123", name: "Adaeze Okafor" };

export type DocketStatement = {
  id: string;
  number: string;
  kind: "invoice" | "trust_request";
  status: string;
  balance: number;
};
export type DocketEntry = {
  id: string;
  entry_id: string;
  kind: string;
  amount: number;
  reference: string;
  statement_id: string | null;
};

/** Signs a member in with the link that was printed at the start. */
export async function signIn(service: Service, role: "staff" | "bookkeeper" | "admin"): Promise<Visitor> {
  const visitor = newVisitor();
  await visitor.open(service.links[role]);
  await visitor.press(/^Sign in/);
  expectPage(visitor, /Today|From matters/);
  return visitor;
}

/** The admin authorises Docket: our settings, Docket's sign-in, Docket's consent, and back. */
export async function authorizeDocket(service: Service, admin: Visitor): Promise<void> {
  await admin.open(`${service.origin}/settings/connections`);
  await admin.press(/^Connect/);
  await admin.press(/Ana Keane/);
  await admin.press(/Allow/);
  expectPage(admin, /Docket/);
}

/** Waits until the first read has brought the sandbox's first matter. */
export async function waitForStatements(service: Service, staff: Visitor): Promise<void> {
  await until(
    "statements are synced",
    async () =>
      (await staff.open(`${service.origin}/matters?q=${MATTER_NUMBER}`)).text.includes(
        "Warehouse lease dispute",
      ),
    WAIT_MS,
  );
}

/** Ticks statements by number, by their rows on the page of results. */
export async function tick(staff: Visitor, numbers: string[]): Promise<void> {
  const items = numbers.map((number) => {
    const box = staff.page.document
      .querySelectorAll("input[name=item]")
      .find((each) => new RegExp(`(^|\\D)${number}(\\D|$)`).test(each.getAttribute("aria-label") ?? ""));
    const value = box?.getAttribute("value");
    if (!value) throw new Error(`no box for statement ${number}:\n${staff.page.text.slice(0, 2000)}`);
    return value;
  });
  await staff.press(/into the basket/, { item: items });
}

/** Sends what is in the basket by email. Returns the address of the request's page. */
export async function sendBasket(staff: Visitor): Promise<string> {
  await staff.press(/^Continue with/);
  await staff.press(/^Review/);
  await staff.press(/^Send request/);
  return staff.page.url;
}

/** The newest mail to the payer with a link, from the mail service's outbox. */
export function waitForMail(
  service: Service,
  since: Date,
  to = PAYER_EMAIL,
): Promise<{ subject: string; link: string }> {
  return until(
    `a mail with a link to ${to}`,
    async () => {
      const answer = await fetch(
        `${service.mailbox.origin}/control/messages?to=${encodeURIComponent(to)}&since=${since.toISOString()}`,
      );
      const body = (await answer.json()) as { messages?: Mail[] } | Mail[];
      const messages = Array.isArray(body) ? body : (body.messages ?? []);
      for (const message of messages) {
        const link = message.links
          ?.map((each) => (typeof each === "string" ? each : each.url))
          .find((url) => url.includes("/p/"));
        if (link) return { subject: message.subject ?? message.Subject ?? "", link };
      }
      return undefined;
    },
    WAIT_MS,
  );
}

type Mail = { subject?: string; Subject?: string; links?: (string | { url: string })[] };

/** The payer opens the link and pays it whole by card, at the processor's page. */
export async function payByCard(link: string): Promise<Visitor> {
  const payer = newVisitor();
  await payer.open(link);
  await payer.press(/^Continue/);
  await payer.press(/^Pay /, CARD);
  return payer;
}

/** What Docket itself says of a statement. */
export async function readDocketStatement(service: Service, id: string): Promise<DocketStatement> {
  const answer = await fetch(`${service.docket.origin}/control/statements/${id}`);
  return (await answer.json()) as DocketStatement;
}

/** Every entry of Docket's ledger. */
export async function readDocketLedger(service: Service): Promise<DocketEntry[]> {
  const answer = await fetch(`${service.docket.origin}/control/ledger`);
  const body = (await answer.json()) as { data?: DocketEntry[] } | DocketEntry[];
  return Array.isArray(body) ? body : (body.data ?? []);
}

/** Throws with what is on screen when the visitor is not where they should be. */
export function expectPage(visitor: Visitor, words: RegExp): void {
  const { page } = visitor;
  if (page.status === 200 && words.test(page.text)) return;
  throw new Error(`expected ${words} at ${page.url} (${page.status}):\n${page.text.slice(0, 2000)}`);
}
