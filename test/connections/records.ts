import type { ClientRecord, MatterRecord, StatementRecord } from "../../connectors/contract.ts";

const CHANGED_AT = new Date("2026-11-01T12:00:00Z");

export function clientRecord(id: string, facts: Partial<ClientRecord> = {}): ClientRecord {
  return {
    externalId: id,
    number: `N-${id}`,
    name: `Client ${id}`,
    email: undefined,
    changedAt: CHANGED_AT,
    deleted: false,
    ...facts,
  };
}

export function matterRecord(id: string, client: string, facts: Partial<MatterRecord> = {}): MatterRecord {
  return {
    externalId: id,
    number: `M-${id}`,
    description: `Matter ${id}`,
    clientExternalId: client,
    open: true,
    responsible: "T. Ellery",
    office: undefined,
    trustBalanceMinor: 184_000n,
    payers: [{ externalId: `pay-${id}`, name: `Payer ${id}`, email: `${id}@payers.example`, assigned: true }],
    changedAt: CHANGED_AT,
    deleted: false,
    ...facts,
  };
}

export function statementRecord(
  id: string,
  matter: string,
  facts: Partial<StatementRecord> = {},
): StatementRecord {
  return {
    externalId: id,
    number: `S-${id}`,
    matterExternalId: matter,
    kind: "invoice",
    state: "open",
    issuedOn: "2026-10-01",
    dueOn: "2026-11-12",
    currency: "USD",
    totalMinor: 100_000n,
    balanceMinor: 90_000n,
    changedAt: CHANGED_AT,
    deleted: false,
    ...facts,
  };
}
