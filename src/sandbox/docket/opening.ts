/** The firm's first clients and matters, the same in every data file: tours and demonstrations start from them. Days count from the day of seeding. */

export const OPENING_CLIENTS = [
  { number: "10482", name: "Okafor Logistics, Inc.", email: "ap@okaforlogistics.example" },
  { number: "11077", name: "Okafor, Adaeze", email: "adaeze@okafor.example" },
] as const;

type OpeningStatement = {
  number: string;
  kind: "invoice" | "trust_request";
  issuedDay: number;
  dueDay: number;
  totalCents: number;
  balanceCents: number;
};

type OpeningMatter = {
  client: 0 | 1;
  number: string;
  description: string;
  responsible: string;
  trustCents: number;
  payers: { name: string; email: string }[];
  statements: OpeningStatement[];
};

const ADAEZE = { name: "Adaeze Okafor", email: "a.okafor@okaforlogistics.example" };
const ACCOUNTS = { name: "Okafor Logistics accounts payable", email: "ap@okaforlogistics.example" };

function invoice(
  number: string,
  issuedDay: number,
  totalCents: number,
  balanceCents = totalCents,
): OpeningStatement {
  return { number, kind: "invoice", issuedDay, dueDay: issuedDay + 30, totalCents, balanceCents };
}

function trustRequest(number: string, issuedDay: number, totalCents: number): OpeningStatement {
  const dueDay = issuedDay + 14;
  return { number, kind: "trust_request", issuedDay, dueDay, totalCents, balanceCents: totalCents };
}

export const OPENING_MATTERS: readonly OpeningMatter[] = [
  {
    client: 0,
    number: "10482-003",
    description: "Warehouse lease dispute",
    responsible: "T. Ellery",
    trustCents: 184_000,
    payers: [ADAEZE, ACCOUNTS],
    statements: [
      invoice("20391", -64, 490_000, 90_000),
      invoice("20402", -36, 250_000),
      invoice("20418", -15, 124_000),
      trustRequest("TR-0611", -9, 300_000),
    ],
  },
  {
    client: 0,
    number: "10482-005",
    description: "Driver classification audit",
    responsible: "J. Achterberg",
    trustCents: 0,
    payers: [ADAEZE],
    statements: [invoice("20437", -4, 361_550), trustRequest("TR-0612", -7, 500_000)],
  },
  {
    client: 0,
    number: "10482-007",
    description: "Fleet financing",
    responsible: "T. Ellery",
    trustCents: 1_250_000,
    payers: [ACCOUNTS],
    statements: [invoice("20361", -95, 197_525), invoice("20410", -36, 214_000)],
  },
  {
    client: 1,
    number: "11077-001",
    description: "Estate planning",
    responsible: "A. Keane",
    trustCents: 65_000,
    payers: [{ name: "Adaeze Okafor", email: "adaeze@okafor.example" }],
    statements: [invoice("20425", -4, 118_000)],
  },
];
