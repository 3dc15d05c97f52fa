import {
  inventClient,
  inventMatter,
  inventStatement,
  type SeedPerson,
  type SeedStatement,
} from "./invent.ts";
import { OPENING_CLIENTS, OPENING_MATTERS } from "./opening.ts";
import { createRandom, type Random } from "./random.ts";
import { formatId, type Store } from "./store.ts";

const SEED = 20_391;
const MATTERS_PER_CLIENT = 3;
const STATEMENTS_PER_MATTER = 2.5;
const FIRST_INVOICE_NUMBER = 20_451;
const FIRST_TRUST_NUMBER = 613;

const USERS = [
  { id: "usr_dana", name: "Dana Whitfield", email: "dana@marlowkeane.example", role: "staff" },
  { id: "usr_ben", name: "Ben Ortiz", email: "ben@marlowkeane.example", role: "bookkeeper" },
  { id: "usr_ana", name: "Ana Keane", email: "ana@marlowkeane.example", role: "admin" },
];

type Seeding = {
  store: Store;
  random: Random;
  /** Midnight UTC of the day of seeding. */
  today: number;
  instant: number;
  sequences: Record<"cli" | "mat" | "stm" | "con", number>;
  invoiceNumber: number;
  trustNumber: number;
};

/** Fills an empty data file: so many matters, a third as many clients, two and a half times as many statements. Does nothing on a filled one. */
export function seedOnce(store: Store, matterCount: number, now: Date): void {
  if (store.find("select 1 from meta where name = 'seeded_at'") !== undefined) return;
  store.transact(() => {
    for (const user of USERS) {
      store.run(
        "insert into users (id, name, email, role) values (?, ?, ?, ?)",
        user.id,
        user.name,
        user.email,
        user.role,
      );
    }
    fill(store, matterCount, now);
    store.run("insert into meta (name, value) values ('seeded_at', ?)", now.toISOString());
  });
}

function fill(store: Store, matterCount: number, now: Date): void {
  const opening = OPENING_MATTERS.slice(0, matterCount);
  const openingClientCount = 1 + Math.max(...opening.map((matter) => matter.client));
  const openingStatementCount = opening.reduce((count, matter) => count + matter.statements.length, 0);
  const clientCount = Math.max(openingClientCount, Math.ceil(matterCount / MATTERS_PER_CLIENT));
  const statementCount = Math.max(openingStatementCount, Math.round(matterCount * STATEMENTS_PER_MATTER));
  const random = createRandom(SEED);
  const seeding: Seeding = {
    store,
    random,
    today: Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()),
    // Each record gets its own millisecond, all of them in the past.
    instant: now.getTime() - clientCount - matterCount - statementCount,
    sequences: { cli: 0, mat: 0, stm: 0, con: 0 },
    invoiceNumber: FIRST_INVOICE_NUMBER,
    trustNumber: FIRST_TRUST_NUMBER,
  };
  insertOpening(seeding, opening, openingClientCount);
  insertInvented(seeding, {
    clientCount: Math.max(clientCount - openingClientCount, matterCount > opening.length ? 1 : 0),
    matterCount: matterCount - opening.length,
    statementCount: statementCount - openingStatementCount,
  });
  for (const [prefix, sequence] of Object.entries(seeding.sequences)) {
    store.run("insert into counters (name, value) values (?, ?)", prefix, sequence);
  }
}

function insertOpening(seeding: Seeding, matters: typeof OPENING_MATTERS, clientCount: number): void {
  const clientIds = OPENING_CLIENTS.slice(0, clientCount).map((client) => insertClient(seeding, client));
  for (const matter of matters) {
    const matterId = insertMatter(seeding, {
      ...matter,
      clientId: clientIds[matter.client] ?? "",
      status: "open",
      office: "Chicago",
    });
    for (const statement of matter.statements) {
      insertStatement(seeding, matterId, statement.number, { ...statement, status: "open" });
    }
  }
}

type Counts = { clientCount: number; matterCount: number; statementCount: number };

function insertInvented(seeding: Seeding, counts: Counts): void {
  const { random } = seeding;
  const clients = Array.from({ length: counts.clientCount }, (_, index) => {
    const client = inventClient(random, index);
    return { ...client, id: insertClient(seeding, client) };
  });
  const statementsOf = new Uint16Array(counts.matterCount);
  for (let made = 0; made < counts.statementCount && counts.matterCount > 0; made += 1) {
    const index = random.below(counts.matterCount);
    statementsOf[index] = (statementsOf[index] ?? 0) + 1;
  }
  for (let index = 0; index < counts.matterCount; index += 1) {
    const client = clients[index % clients.length];
    if (client === undefined) throw new Error("a matter needs a client");
    const matter = inventMatter(random, client, Math.floor(index / clients.length) + 1);
    const matterId = insertMatter(seeding, { ...matter, clientId: client.id });
    for (let made = 0; made < (statementsOf[index] ?? 0); made += 1) {
      const statement = inventStatement(random);
      insertStatement(seeding, matterId, nextNumber(seeding, statement.kind), statement);
    }
  }
}

function nextNumber(seeding: Seeding, kind: SeedStatement["kind"]): string {
  if (kind === "trust_request") {
    seeding.trustNumber += 1;
    return `TR-${String(seeding.trustNumber - 1).padStart(4, "0")}`;
  }
  seeding.invoiceNumber += 1;
  return String(seeding.invoiceNumber - 1);
}

function nextId(seeding: Seeding, prefix: keyof Seeding["sequences"]): string {
  seeding.sequences[prefix] += 1;
  return formatId(prefix, seeding.sequences[prefix]);
}

function insertClient(
  seeding: Seeding,
  client: { number: string; name: string; email: string | null },
): string {
  const id = nextId(seeding, "cli");
  seeding.instant += 1;
  seeding.store.run(
    "insert into clients (id, number, name, email, updated_at) values (?, ?, ?, ?, ?)",
    id,
    client.number,
    client.name,
    client.email,
    seeding.instant,
  );
  return id;
}

type NewMatter = {
  clientId: string;
  number: string;
  description: string;
  status: "open" | "closed";
  responsible: string;
  office: string;
  trustCents: number;
  payers: readonly SeedPerson[];
};

function insertMatter(seeding: Seeding, matter: NewMatter): string {
  const id = nextId(seeding, "mat");
  seeding.instant += 1;
  seeding.store.run(
    `insert into matters (id, number, description, client_id, status, responsible, office, opening_trust_cents,
       trust_balance_cents, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    matter.number,
    matter.description,
    matter.clientId,
    matter.status,
    matter.responsible,
    matter.office,
    matter.trustCents,
    matter.trustCents,
    seeding.instant,
  );
  for (const [position, payer] of matter.payers.entries()) {
    seeding.store.run(
      "insert into payers (matter_id, position, contact_id, name, email, assigned) values (?, ?, ?, ?, ?, ?)",
      id,
      position,
      nextId(seeding, "con"),
      payer.name,
      payer.email,
      position === 0 ? 1 : 0,
    );
  }
  return id;
}

function insertStatement(seeding: Seeding, matterId: string, number: string, statement: SeedStatement): void {
  const millisecondsPerDay = 86_400_000;
  const day = (offset: number) =>
    new Date(seeding.today + offset * millisecondsPerDay).toISOString().slice(0, 10);
  seeding.instant += 1;
  seeding.store.run(
    `insert into statements (id, number, matter_id, kind, status, issued_on, due_on, currency, total_cents,
       brought_forward_cents, balance_cents, updated_at) values (?, ?, ?, ?, ?, ?, ?, 'USD', ?, ?, ?, ?)`,
    nextId(seeding, "stm"),
    number,
    matterId,
    statement.kind,
    statement.status,
    day(statement.issuedDay),
    statement.dueDay === null ? null : day(statement.dueDay),
    statement.totalCents,
    statement.totalCents - statement.balanceCents,
    statement.balanceCents,
    seeding.instant,
  );
}
