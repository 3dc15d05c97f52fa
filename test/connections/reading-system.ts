import {
  type Access,
  type Capability,
  type ClientRecord,
  type Connector,
  ConnectorError,
  type Family,
  type FamilyRecord,
  type MatterRecord,
  type Page,
  type StatementRecord,
  type Unreadable,
} from "../../connectors/contract.ts";
import { newId } from "../../src/base/id.ts";
import { sealTokens } from "../../src/connections/secrets.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";

export const REGISTRATION = {
  origin: "https://reading.example",
  clientId: "client",
  clientSecret: "a-client-secret",
};
const CAPABILITIES: readonly Capability[] = [
  "readStatements",
  "readTrust",
  "postPayment",
  "lookUp",
  "webhooks",
];

/** A matter system in memory that is read, authorised and subscribed to; it can be made to fail. */
export type ReadingSystem = {
  connector: Connector;
  clients: ClientRecord[];
  matters: MatterRecord[];
  statements: StatementRecord[];
  unreadable: Record<Family, Unreadable[]>;
  pageSize: number;
  accessToken: string;
  refreshToken: string;
  /** What happens before each call; throws to make it fail. */
  before: (call: string) => Promise<void> | void;
  calls: string[];
  subscriptions: Map<string, string>;
  accountId: string;
};

export function makeReadingSystem(): ReadingSystem {
  const system: ReadingSystem = {
    connector: {} as Connector,
    clients: [],
    matters: [],
    statements: [],
    unreadable: { clients: [], matters: [], statements: [] },
    pageSize: 2,
    accessToken: "access-1",
    refreshToken: "refresh-1",
    before: () => undefined,
    calls: [],
    subscriptions: new Map(),
    accountId: "acc_1",
  };
  let version = 1;
  const meet = async (call: string, access?: Access) => {
    system.calls.push(call);
    await system.before(call);
    if (access && access.accessToken !== system.accessToken) {
      throw new ConnectorError("auth", "The token is not accepted.");
    }
  };
  const rotate = () => {
    version += 1;
    system.accessToken = `access-${version}`;
    system.refreshToken = `refresh-${version}`;
    return tokensOf(system);
  };
  system.connector = {
    manifest: {
      key: "docket",
      name: "Docket",
      capabilities: CAPABILITIES,
      duplicates: "lookUp",
      statementsPerPost: "one",
      authorization: { scopes: [], signInScopes: [], pkce: true, rotatesRefreshToken: true },
    },
    async startAuthorization(registration, request) {
      await meet("startAuthorization");
      return { url: `${registration.origin}/authorize?state=${request.state}`, codeVerifier: "verifier-1" };
    },
    async finishAuthorization(_registration, request) {
      await meet(`finishAuthorization ${request.codeVerifier}`);
      const url = new URL(request.callbackUrl);
      if (url.searchParams.get("error") === "access_denied") {
        throw new ConnectorError("rejected", "Declined.", { vendorCode: "access_denied" });
      }
      return { tokens: rotate(), grantor: grantorOf(system.accountId) };
    },
    async refresh(_registration, refreshToken) {
      await meet(`refresh ${refreshToken}`);
      if (refreshToken !== system.refreshToken) throw new ConnectorError("auth", "The grant is gone.");
      return rotate();
    },
    revoke: async (_registration, tokens) => meet(`revoke ${tokens.refreshToken}`),
    async read(access, family, { cursor, changedSince }) {
      await meet(`read ${family} ${cursor ?? "-"} ${changedSince?.toISOString() ?? "-"}`, access);
      return pageOf(system, family, cursor, changedSince);
    },
    async readOne(access, family, externalId) {
      await meet(`readOne ${family} ${externalId}`, access);
      if (system.unreadable[family].some((item) => item.externalId === externalId)) {
        throw new ConnectorError("unreadable", `${externalId} cannot be read: balance: not a number`);
      }
      return recordsOf(system, family).find((item) => item.externalId === externalId && !item.deleted);
    },
    matterUrl: (registration, id) => `${registration.origin}/matters/${id}`,
    postPayment: () => Promise.reject(new Error("not played")),
    lookUp: () => Promise.reject(new Error("not played")),
    async subscribe(access, callbackUrl) {
      await meet("subscribe", access);
      const externalId = `hook_${system.subscriptions.size + 1}`;
      system.subscriptions.set(externalId, callbackUrl);
      return { externalId, secret: `secret of ${externalId}` };
    },
    async unsubscribe(access, externalId) {
      await meet(`unsubscribe ${externalId}`, access);
      system.subscriptions.delete(externalId);
    },
    async readWebhook({ rawBody, header }, secret) {
      if (header("x-signature") !== secret)
        throw new ConnectorError("rejected", "The webhook has a wrong signature.");
      const [eventId = "", family = "", externalId = ""] = rawBody.split(" ");
      if (family === "parties") throw new ConnectorError("unreadable", "An event that nobody subscribed to.");
      return { eventId, family: family as Family, externalId };
    },
  };
  return system;
}

function tokensOf(system: ReadingSystem) {
  return {
    accessToken: system.accessToken,
    refreshToken: system.refreshToken,
    expiresAt: new Date(Date.now() + 300_000),
  };
}

/** Connectors for a context that knows this system. */
export function connectorsOf(system: ReadingSystem): Context["connectors"] {
  return new Map([["docket", { connector: system.connector, registration: REGISTRATION }]]);
}

/** An authorised connection of a firm to the system. `expiresAt` is when its access token ends. */
export async function connect(
  cx: Context,
  firmId: string,
  system: ReadingSystem,
  expiresAt = new Date(Date.now() + 300_000),
): Promise<string> {
  const connectionId = newId();
  await withFirm(cx.database, firmId, (tx) =>
    tx
      .insertInto("connection")
      .values({
        firm_id: firmId,
        id: connectionId,
        connector: "docket",
        external_account_id: system.accountId,
        account_name: "Marlow Keane LLP",
        web_origin: REGISTRATION.origin,
        state: "authorized",
        webhook_key: `key-${connectionId}`,
        ...sealTokens(cx.vault, { firmId, connectionId }, { ...tokensOf(system), expiresAt }),
      })
      .execute(),
  );
  return connectionId;
}

function grantorOf(accountId: string) {
  return {
    accountId,
    accountName: `Firm ${accountId}`,
    userId: "usr_1",
    userName: "Ana Keane",
    email: "ana@firm.example",
    webOrigin: "https://web.reading.example/some/path",
  };
}

function recordsOf<F extends Family>(system: ReadingSystem, family: F): FamilyRecord[F][] {
  return system[family] as FamilyRecord[F][];
}

function pageOf<F extends Family>(
  system: ReadingSystem,
  family: F,
  cursor: string | undefined,
  changedSince: Date | undefined,
): Page<FamilyRecord[F]> {
  const unreadableIds = system.unreadable[family].map((item) => item.externalId);
  const found = recordsOf(system, family)
    .filter((item) => (changedSince ? item.changedAt >= changedSince : !item.deleted))
    .filter((item) => !unreadableIds.includes(item.externalId));
  const from = Number(cursor ?? "0");
  const to = from + system.pageSize;
  return {
    items: found.slice(from, to),
    unreadable: from === 0 ? system.unreadable[family] : [],
    nextCursor: to < found.length ? String(to) : undefined,
  };
}
