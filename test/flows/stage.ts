import { authorizeDocket, signIn, waitForStatements } from "../support/main-job.ts";
import { type Service, startService } from "../support/start-service.ts";
import { until } from "../support/until.ts";
import { newVisitor, type Page, type Visitor } from "../support/visitor.ts";
import { type Books, openBooks } from "./books.ts";
import { type Mail, makeStatement, type NewStatement, readMails } from "./doors.ts";

export const CARD = { number: "4242 4242 4242 4242", expiry: "12 / 34", cvc: "123", name: "Adaeze Okafor" };
const ROUTING_NUMBER = "110000000";
/** The processor's well-known test accounts. */
export const BANK = { pays: "000123456789", hasNoFunds: "000222222227" };
const SEARCH_LIMIT_MS = 30_000;
const PAGE_LIMIT_MS = 20_000;
/** Payers' pages may be opened twice a second; all people here share one address. */
const LOOK_AGAIN_MS = 600;

/** A running service with Docket connected, and its people signed in. */
export type Stage = {
  /** The present process; another one after a restart. */
  service: Service;
  books: Books;
  staff: Visitor;
  bookkeeper: Visitor;
  admin: Visitor;
  /** Starts the service again in the same folder, after it was killed or stopped. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
};

/** Starts everything; Docket is authorised and read once. */
export async function openStage(): Promise<Stage> {
  const stage = await openUnconnectedStage();
  await authorizeDocket(stage.service, stage.admin);
  await waitForStatements(stage.service, stage.staff);
  return stage;
}

/** Starts everything but the connection to Docket. */
export async function openUnconnectedStage(env: Record<string, string> = {}): Promise<Stage> {
  const service = await startService({ env });
  const stage: Stage = {
    service,
    books: await openBooks(service),
    staff: await signIn(service, "staff"),
    bookkeeper: await signIn(service, "bookkeeper"),
    admin: await signIn(service, "admin"),
    restart: async () => {
      await stage.books.close();
      stage.service = await startService({ folder: service.folder, env });
      stage.books = await openBooks(stage.service);
    },
    close: async () => {
      await stage.books.close();
      await stage.service.destroy();
    },
  };
  return stage;
}

/** What is asked for: a statement that is new in Docket, and how much of it in major units, when not all. */
type Line = NewStatement & { asked?: string };
type Request = { mail: Mail; payerLinks: string[]; page: string; payer: string };

let requests = 0;

/** Makes the statements in Docket, waits until they are synced, and sends one request for them by email. */
export async function sendRequest(stage: Stage, lines: Line[]): Promise<Request> {
  for (const { asked: _asked, ...wish } of lines) await makeStatement(stage.service, wish);
  const { payer, page } = await sendBasket(stage, lines);
  const mail = await until(`a mail to ${payer}`, async () => (await readMails(stage.service, payer))[0]);
  return { mail, payerLinks: payLinks(mail), page, payer };
}

/** Sends a request for statements that are in Docket, and does not wait for the email. Each payer has an address of their own. */
export async function sendBasket(
  stage: Stage,
  lines: Pick<Line, "number" | "asked">[],
): Promise<{ payer: string; page: string }> {
  const { staff } = stage;
  for (const line of lines) await putIntoBasket(stage, line);
  requests += 1;
  const payer = `payer-${requests}@okafor.example`;
  await staff.press(/^Continue with/);
  await staff.press(/^Review/, { payerEmails: payer });
  await staff.press(/^Send request/);
  return { payer, page: staff.page.url };
}

/** The addresses at which a mail asks to pay, each once, in their order. */
export function payLinks(mail: Mail): string[] {
  return [...new Set(mail.links.filter((link) => link.includes("/p/")))];
}

/** Waits until the statement is found, ticks it, and asks for a part of it where that is wanted. */
async function putIntoBasket(
  { staff, service }: Stage,
  { number, asked }: Pick<Line, "number" | "asked">,
): Promise<void> {
  const item = await until(
    `statement ${number} is found`,
    async () => {
      await staff.open(`${service.origin}/matters?q=${number}`);
      const boxes = staff.page.document.querySelectorAll("input[name=item]");
      return boxes.find((box) => box.getAttribute("aria-label")?.includes(number))?.getAttribute("value");
    },
    SEARCH_LIMIT_MS,
  );
  await staff.press(/into the basket/, { item });
  if (asked !== undefined) await staff.press(/^Update the/, { [`amount-${item}`]: asked });
}

/** The payer opens a link and goes on to the processor's page. */
export async function goToProcessor(
  link: string,
  fields: Record<string, string> = {},
): Promise<Visitor & { sessionId: string }> {
  const payer = newVisitor();
  await payer.open(link);
  await payer.press(/^Continue/, fields);
  return Object.assign(payer, { sessionId: sessionIdOf(payer.page) });
}

/** The session that a page of the processor is about. */
export function sessionIdOf(page: Page): string {
  const found = /\/c\/pay\/(cs_\w+)/.exec(page.url)?.[1];
  if (!found) throw new Error(`no page of the processor: ${page.url}\n${page.text.slice(0, 1000)}`);
  return found;
}

/** The payer pays by card at the processor, and closes the window before coming back. Gives the status of the answer. */
export async function payAndLeave(payer: Visitor): Promise<number> {
  const [answer] = await payer.pressAtOnce(/^Pay /, 1, CARD);
  return answer?.status ?? 0;
}

/** The payer authorises a bank debit at the processor and comes back. Gives the processor's session. */
export async function payByBank(
  link: string,
  account: string,
): Promise<{ payer: Visitor; sessionId: string }> {
  const payer = await goToProcessor(link, { method: "bank" });
  const { sessionId } = payer;
  const typed = { name: "Adaeze Okafor", routing_number: ROUTING_NUMBER, account_number: account };
  await payer.press(/^Pay /, typed);
  return { payer, sessionId };
}

/** Opens a page again and again until it says this. */
export function waitForPage(
  visitor: Visitor,
  url: string,
  words: RegExp,
  limitMs = PAGE_LIMIT_MS,
): Promise<Page> {
  return until(
    `${words} at ${url}`,
    async () => {
      const page = await visitor.open(url);
      return words.test(page.text) && page;
    },
    limitMs,
    LOOK_AGAIN_MS,
  );
}
