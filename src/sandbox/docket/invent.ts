import * as matterWords from "./matter-words.ts";
import * as words from "./names.ts";
import type { Random } from "./random.ts";

/** What the seeding writes, made up piece by piece. Amounts in cents, days counted from the day of seeding. */

export type SeedPerson = { name: string; email: string | null };
export type SeedStatement = {
  kind: "invoice" | "trust_request";
  status: "open" | "paid" | "void";
  issuedDay: number;
  dueDay: number | null;
  totalCents: number;
  balanceCents: number;
};
type SeedClient = {
  number: string;
  name: string;
  email: string | null;
  contact: SeedPerson;
  company: boolean;
};

const FIRST_CLIENT_NUMBER = 12_001;
const OLDEST_ISSUED_DAYS = 165;
const DAYS_TO_PAY = 30;

const COMPANY_CHANCE = 55;
const CLIENT_WITHOUT_EMAIL_CHANCE = 4;
const CLOSED_MATTER_CHANCE = 12;
const TRUST_REQUEST_CHANCE = 15;

function person(random: Random, domain?: string): { given: string; family: string; email: string } {
  const given = random.pick(words.GIVEN_NAMES);
  const family = random.pick(words.FAMILY_NAMES);
  const host = domain ?? `${slug(family)}.example`;
  return { given, family, email: `${slug(given)}.${slug(family)}@${host}` };
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** A company with a person to write to, or a private person; the index keeps client numbers apart. */
export function inventClient(random: Random, index: number): SeedClient {
  const number = String(FIRST_CLIENT_NUMBER + index);
  if (random.percent(COMPANY_CHANCE)) {
    const stem = random.pick(words.COMPANY_STEMS);
    const trade = random.pick(words.COMPANY_TRADES);
    const domain = `${slug(stem)}${slug(trade)}.example`;
    const contact = person(random, domain);
    return {
      number,
      name: `${stem} ${trade}, ${random.pick(words.COMPANY_FORMS)}`,
      email: random.percent(CLIENT_WITHOUT_EMAIL_CHANCE) ? null : `accounts@${domain}`,
      contact: { name: `${contact.given} ${contact.family}`, email: contact.email },
      company: true,
    };
  }
  const client = person(random);
  const email = random.percent(CLIENT_WITHOUT_EMAIL_CHANCE) ? null : client.email;
  return {
    number,
    name: `${client.family}, ${client.given}`,
    email,
    contact: { name: `${client.given} ${client.family}`, email },
    company: false,
  };
}

/** A matter of a client, numbered within it from 1. */
export function inventMatter(random: Random, client: SeedClient, sequence: number) {
  return {
    number: `${client.number}-${String(sequence).padStart(3, "0")}`,
    description: random.pick(client.company ? matterWords.COMPANY_MATTERS : matterWords.PERSON_MATTERS),
    status: random.percent(CLOSED_MATTER_CHANCE) ? ("closed" as const) : ("open" as const),
    responsible: random.pick(matterWords.RESPONSIBLE),
    office: random.pick(matterWords.OFFICES),
    trustCents: random.percent(40) ? (1 + random.below(400)) * 2_500 : 0,
    payers: inventPayers(random, client),
  };
}

/** Mostly the client's own contact; some matters have third parties who pay, some nobody, some no address. */
function inventPayers(random: Random, client: SeedClient): SeedPerson[] {
  const chance = random.below(100);
  if (chance < 2) return [];
  if (chance < 10) return [{ name: client.contact.name, email: null }];
  const others = chance < 72 ? 0 : chance < 92 ? 1 : 2;
  const payers = [client.contact];
  for (let added = 0; added < others; added += 1) {
    const other = person(random);
    payers.push({ name: `${other.given} ${other.family}`, email: other.email });
  }
  return payers;
}

/** A statement between one day and about five months old: open, paid in part, paid, or void. */
export function inventStatement(random: Random): SeedStatement {
  const issuedDay = -random.below(OLDEST_ISSUED_DAYS);
  if (random.percent(TRUST_REQUEST_CHANCE)) {
    const totalCents = (2 + random.below(40)) * 25_000;
    const paid = random.percent(40);
    return {
      kind: "trust_request",
      status: paid ? "paid" : "open",
      issuedDay,
      dueDay: random.percent(25) ? null : issuedDay + 14,
      totalCents,
      balanceCents: paid ? 0 : totalCents,
    };
  }
  const totalCents = 15_000 + random.below(20_000) * 25 + random.below(60) * 10_000;
  const chance = random.below(100);
  const rest = { kind: "invoice" as const, issuedDay, dueDay: issuedDay + DAYS_TO_PAY, totalCents };
  if (chance < 50) return { ...rest, status: "open", balanceCents: totalCents };
  if (chance < 65) return { ...rest, status: "open", balanceCents: 1 + random.below(totalCents - 1) };
  if (chance < 95) return { ...rest, status: "paid", balanceCents: 0 };
  return { ...rest, status: "void", balanceCents: 0 };
}
