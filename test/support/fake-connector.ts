import {
  type Access,
  type Capability,
  type Connector,
  ConnectorError,
  type Entry,
  type FamilyRecord,
  type Manifest,
  type Posted,
  type PostKind,
  type PostRequest,
  type ReverseRequest,
} from "../../connectors/contract.ts";
import type { HandEntry, ImportFile } from "../../connectors/hand-entry.ts";

/** What a call meets. `lost` answers get lost after the work, `unsent` requests before it; `crash` is an error of our own. */
export type Mishap =
  | "none"
  | "rate"
  | "auth"
  | "outage"
  | "rejected"
  | "missing"
  | "lost"
  | "unsent"
  | "crashAfter"
  | "crashBefore"
  | "unreadable";

type LedgerEntry = {
  externalId: string;
  kind: PostKind;
  reference: string;
  statementExternalId: string | undefined;
  amountMinor: bigint;
  on: string;
};

export type FakeSystem = {
  connector: Connector;
  /** What stands in the matter system's books. */
  ledger: LedgerEntry[];
  /** What the next writes meet, in order; after them nothing goes wrong. */
  writeMishaps: Mishap[];
  /** The same for look-ups. */
  lookUpMishaps: Mishap[];
  /** Statements as the system shows them, by their id there. */
  statements: Map<string, Partial<FamilyRecord["statements"]>>;
  /** While true no token is accepted. */
  refusesTokens: boolean;
  calls: { writes: number; lookUps: number };
  /** Waits of this kind come before each write takes effect. */
  beforeWrite: () => Promise<void>;
};

export type FakeOptions = {
  key?: string;
  capabilities?: readonly Capability[];
  duplicates?: Manifest["duplicates"];
};

const ALL: readonly Capability[] = ["readStatements", "postPayment", "postTrustDeposit", "reverse", "lookUp"];
const TOKEN_LIFETIME_MS = 300_000;

/** A matter system in memory, with a ledger to look into and accidents to order. */
export function makeFakeSystem(options: FakeOptions = {}): FakeSystem {
  const capabilities = options.capabilities ?? ALL;
  const system: FakeSystem = {
    connector: {} as Connector,
    ledger: [],
    writeMishaps: [],
    lookUpMishaps: [],
    statements: new Map(),
    refusesTokens: false,
    calls: { writes: 0, lookUps: 0 },
    beforeWrite: async () => undefined,
  };
  const has = (capability: Capability) => capabilities.includes(capability);
  const post = (kind: PostKind) => (_access: Access, request: PostRequest) =>
    write(system, kind, { ...request, on: request.receivedOn });
  system.connector = {
    manifest: {
      key: options.key ?? "docket",
      name: "Docket",
      capabilities,
      duplicates: options.duplicates ?? "lookUp",
      statementsPerPost: "one",
      authorization: { scopes: [], signInScopes: [], pkce: true, rotatesRefreshToken: true },
    },
    startAuthorization: () => notPlayed("startAuthorization"),
    finishAuthorization: () => notPlayed("finishAuthorization"),
    refresh: async () => ({
      accessToken: "another-access-token",
      refreshToken: "another-refresh-token",
      expiresAt: new Date(Date.now() + TOKEN_LIFETIME_MS),
    }),
    revoke: async () => undefined,
    read: async () => ({ items: [], unreadable: [], nextCursor: undefined }),
    readOne: async (_access, _family, externalId) => system.statements.get(externalId) as never,
    matterUrl: (_registration, id) => `http://localhost:4999/matters/${id}`,
    ...(has("file")
      ? { makeImportFile: importFile, importPlace: "Import it under Billing, Receipts, Import." }
      : {}),
    ...(has("postPayment") ? { postPayment: post("payment") } : {}),
    ...(has("postTrustDeposit") ? { postTrustDeposit: post("trust_deposit") } : {}),
    ...(has("reverse") ? { reverse: (_access, request) => reverse(system, request) } : {}),
    ...(has("lookUp") ? { lookUp: (_access, kind, reference) => lookUp(system, kind, reference) } : {}),
  };
  return system;
}

/** A line per entry, as a vendor's importer reads it. */
function importFile(entries: readonly HandEntry[], on: string): ImportFile {
  const lines = entries.map((entry) =>
    [entry.reference, entry.statementNumber, entry.on, entry.amountMinor, entry.kind].join("\t"),
  );
  return {
    name: `receipts-${on}.txt`,
    mediaType: "text/plain; charset=utf-8",
    content: new TextEncoder().encode(`${lines.join("\r\n")}\r\n`),
  };
}

async function write(
  system: FakeSystem,
  kind: PostKind,
  request: Pick<LedgerEntry, "reference" | "statementExternalId" | "amountMinor" | "on">,
): Promise<Posted> {
  system.calls.writes += 1;
  if (system.refusesTokens) throw new ConnectorError("auth", "The token is not accepted.");
  const mishap = system.writeMishaps.shift() ?? "none";
  failBefore(mishap);
  await system.beforeWrite();
  const { reference, statementExternalId, amountMinor, on } = request;
  const externalId = `ent_${system.ledger.length + 1}`;
  system.ledger.push({ externalId, kind, reference, statementExternalId, amountMinor, on });
  if (mishap === "lost") throw new ConnectorError("unclear", "No answer within 20 seconds.");
  if (mishap === "crashAfter") throw new TypeError("the process broke after the write");
  return { externalId };
}

function reverse(system: FakeSystem, request: ReverseRequest): Promise<Posted> {
  return write(system, "reversal", { ...request, on: request.reversedOn });
}

async function lookUp(system: FakeSystem, kind: PostKind, reference: string): Promise<Entry[]> {
  system.calls.lookUps += 1;
  if (system.refusesTokens) throw new ConnectorError("auth", "The token is not accepted.");
  failBefore(system.lookUpMishaps.shift() ?? "none");
  return system.ledger
    .filter((entry) => entry.kind === kind && entry.reference === reference)
    .map(({ externalId, amountMinor }) => ({ externalId, amountMinor }));
}

function failBefore(mishap: Mishap): void {
  switch (mishap) {
    case "rate":
      throw new ConnectorError("rate", "Too many requests.", { retryAfterSeconds: 7 });
    case "auth":
      throw new ConnectorError("auth", "The token is not accepted.");
    case "outage":
      throw new ConnectorError("outage", "The connection was refused.");
    case "rejected":
      throw new ConnectorError("rejected", "The period is closed.");
    case "missing":
      throw new ConnectorError("missing", "There is no such statement.");
    case "unreadable":
      throw new ConnectorError("unreadable", "The answer is not JSON.");
    case "unsent":
      throw new ConnectorError("unclear", "The connection broke.");
    case "crashBefore":
      throw new TypeError("the process broke before the write");
    default:
  }
}

function notPlayed(name: string): never {
  throw new Error(`the fake matter system does not play ${name}`);
}
