import { settleDebit } from "../flows/doors.ts";
import { CARD as PLAIN_CARD, sessionIdOf } from "../flows/stage.ts";
import type { Service } from "../support/start-service.ts";
import { newVisitor, type Visitor } from "../support/visitor.ts";
import type { Seeded } from "./seeded.ts";
import { isOutOfReach } from "./troubles.ts";

export const MANNERS = ["card", "impatient", "declined", "leaves", "two_tabs", "bank"] as const;
type Manner = (typeof MANNERS)[number];

/** A link that was made for download names no address, so the processor asks for one. */
const EMAIL = { email: "payer@okafor.example" };
const CARD = { ...PLAIN_CARD, ...EMAIL };
const DECLINED = { ...CARD, number: "4000 0000 0000 0002" };
const BANK = { ...EMAIL, name: "Adaeze Okafor", routing_number: "110000000", account_number: "000123456789" };
const CLICKS = 8;
const TRIES = 200;
const PAUSE_MS = 500;
const DONE = /Payment received|bank payment is clearing/;
/** What a payer meets while something is down: an error page of ours, or a cut line. They come back. */
const CONFIRMING = /We are confirming your payment/;

/**
 * One payer, who pays one link in one of several manners and comes back as often as it takes, until the link's page says that the
 * money is there or on its way. Throws when that never happens.
 */
export async function payUntilDone(
  find: () => Service,
  link: string,
  manner: Manner,
  chance: Seeded,
): Promise<void> {
  let asked = manner;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const payer = newVisitor(someAddress(chance));
    try {
      await payer.open(link);
      if (DONE.test(payer.page.text)) return;
      if (!CONFIRMING.test(payer.page.text) && payer.page.status === 200)
        await goThrough(find, payer, link, asked, chance);
      // A second visit is a plain one, so that each manner happens once per link.
      if (asked !== "bank") asked = "card";
    } catch (error) {
      if (!isMishap(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error("a payer gave up");
}

async function goThrough(
  find: () => Service,
  payer: Visitor,
  link: string,
  manner: Manner,
  chance: Seeded,
): Promise<void> {
  if (manner === "bank") return await payByBank(find, payer);
  if (manner === "two_tabs") {
    const other = newVisitor(someAddress(chance));
    await other.open(link);
    await other.press(/^Continue/, { receipt: "other@okafor.example" });
  }
  if (manner === "impatient") {
    const answers = await payer.pressAtOnce(/^Continue/, CLICKS);
    const place = answers.find(({ status, location }) => status === 303 && location)?.location;
    if (!place) return;
    await payer.open(place);
  } else await payer.press(/^Continue/);
  if (manner === "declined") await payer.press(/^Pay /, DECLINED);
  if (manner === "leaves" || manner === "impatient") {
    await payer.pressAtOnce(/^Pay /, manner === "impatient" ? CLICKS : 1, CARD);
    return;
  }
  await payer.press(/^Pay /, CARD);
}

async function payByBank(find: () => Service, payer: Visitor): Promise<void> {
  await payer.press(/^Continue/, { method: "bank" });
  const sessionId = sessionIdOf(payer.page);
  await payer.press(/^Pay /, BANK);
  await settleDebit(find(), sessionId);
}

/** A line that was cut, or a page that is not the one expected, because something is down just now. */
function isMishap(error: unknown): boolean {
  return (
    isOutOfReach(error) ||
    (error instanceof Error &&
      /fetch failed|no button|no page of the processor|answered \d|redirects/.test(error.message))
  );
}

/** Another one for each visit: one address may begin a payment only so often. */
function someAddress(chance: Seeded): string {
  return [10, chance.whole(0, 255), chance.whole(0, 255), chance.whole(1, 254)].join(".");
}
