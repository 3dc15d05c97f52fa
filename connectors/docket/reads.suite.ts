import type { Family, FamilyRecord } from "../contract.ts";
import type { ReadCase } from "../setup.suite.ts";
import { fixture } from "./fixture.suite.ts";

const LIMIT = "500";

function readCase<F extends Family>(
  family: F,
  facts: {
    firstCursor: string;
    items: [FamilyRecord[F], FamilyRecord[F]];
    changed: FamilyRecord[F];
    broken: string;
  },
): ReadCase<F> {
  const [first] = facts.items;
  const since = new Date("2026-11-15T00:00:00Z");
  return {
    path: `/api/v1/${family}`,
    pages: [
      { query: { limit: LIMIT }, body: fixture(`${family}-1`) },
      { query: { limit: LIMIT, cursor: facts.firstCursor }, body: fixture(`${family}-2`) },
    ],
    items: facts.items,
    changes: {
      since,
      query: { limit: LIMIT, updated_since: since.toISOString() },
      body: fixture(`${family}-changed`),
      items: [facts.changed],
    },
    broken: { body: fixture(`${family}-broken`), readable: 1, externalId: facts.broken },
    one: {
      path: `/api/v1/${family}/${first.externalId}`,
      body: JSON.stringify(JSON.parse(fixture(`${family}-1`)).data[0]),
      item: first,
    },
  };
}

const ana: FamilyRecord["clients"] = {
  externalId: "cl_2",
  number: "C-1002",
  name: "Ana Ferreira",
  email: undefined,
  changedAt: new Date("2026-11-03T10:00:00Z"),
  deleted: false,
};

const lease: FamilyRecord["matters"] = {
  externalId: "mt_2",
  number: "2026-015",
  description: "Lease renewal",
  clientExternalId: "cl_2",
  open: false,
  responsible: undefined,
  office: undefined,
  trustBalanceMinor: 0n,
  payers: [],
  changedAt: new Date("2026-11-05T12:00:00Z"),
  deleted: false,
};

const invoice: FamilyRecord["statements"] = {
  externalId: "st_1",
  number: "INV-2041",
  matterExternalId: "mt_1",
  kind: "invoice",
  state: "open",
  issuedOn: "2026-10-01",
  dueOn: "2026-10-31",
  currency: "USD",
  totalMinor: 125_010n,
  balanceMinor: 29n,
  changedAt: new Date("2026-11-06T12:00:00Z"),
  deleted: false,
};

export const clients = readCase("clients", {
  firstCursor: "clients-after-cl_1",
  items: [
    {
      externalId: "cl_1",
      number: "C-1001",
      name: "Marlow Shipping Ltd",
      email: "accounts@marlow.example",
      changedAt: new Date("2026-11-02T09:15:00Z"),
      deleted: false,
    },
    ana,
  ],
  changed: { ...ana, changedAt: new Date("2026-11-20T08:00:00Z"), deleted: true },
  broken: "cl_9",
});

export const matters = readCase("matters", {
  firstCursor: "matters-after-mt_1",
  items: [
    {
      externalId: "mt_1",
      number: "2026-014",
      description: "Charter dispute",
      clientExternalId: "cl_1",
      open: true,
      responsible: "R. Okafor",
      office: "Boston",
      trustBalanceMinor: 250_050n,
      payers: [
        { externalId: "co_1", name: "Marlow Shipping Ltd", email: "accounts@marlow.example", assigned: true },
        { externalId: "co_2", name: "Northern P&I", email: undefined, assigned: false },
      ],
      changedAt: new Date("2026-11-04T12:00:00Z"),
      deleted: false,
    },
    lease,
  ],
  changed: { ...lease, changedAt: new Date("2026-11-21T12:00:00Z"), deleted: true },
  broken: "mt_9",
});

export const statements = readCase("statements", {
  firstCursor: "statements-after-st_1",
  items: [
    invoice,
    {
      ...invoice,
      externalId: "st_2",
      number: "TR-77",
      kind: "trust_request",
      state: "paid",
      issuedOn: "2026-10-05",
      dueOn: undefined,
      // More digits than a float holds.
      totalMinor: 9_007_199_254_740_993n,
      balanceMinor: 0n,
      changedAt: new Date("2026-11-07T12:00:00Z"),
    },
  ],
  changed: {
    ...invoice,
    state: "void",
    balanceMinor: -1_250n,
    changedAt: new Date("2026-11-22T12:00:00Z"),
    deleted: true,
  },
  broken: "st_9",
});
