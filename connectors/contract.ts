/**
 * What the service asks of a matter-management system. A connector is written against this file alone: it
 * knows no database, no queue and no environment, and is given the means to make requests (`Access`). Money
 * is integer minor units throughout.
 */

import type { HandEntryHelp } from "./hand-entry.ts";

/** What a connector can do. A connector has exactly the operations that its manifest names. */
export type Capability =
  | "readStatements"
  | "readTrust"
  | "postPayment"
  | "postTrustDeposit"
  | "reverse"
  | "lookUp"
  | "webhooks"
  | "embed"
  | "signIn"
  | "file";

export type Manifest = {
  /** Stable key, lower case; part of addresses and stored rows. */
  key: string;
  name: string;
  capabilities: readonly Capability[];
  /** How the vendor guards against a payment that is written twice. */
  duplicates: "vendorKey" | "lookUp" | "none";
  /** How many statements one call can post to. */
  statementsPerPost: "one" | "many";
  authorization: AuthorizationManifest;
};

export type AuthorizationManifest = {
  /** OAuth scopes for a connection. */
  scopes: readonly string[];
  /** OAuth scopes for signing a member in. */
  signInScopes: readonly string[];
  /** Whether the vendor checks PKCE (S256). It is sent anyway unless the vendor refuses it. */
  pkce: boolean;
  /** Whether each use of the refresh token gives a new one and ends the old. */
  rotatesRefreshToken: boolean;
};

/** The client's registration at the vendor, from configuration. */
export type Registration = { origin: string; clientId: string; clientSecret: string };

/** The tokens of a grant, as stored (sealed) by the service. */
export type Tokens = { accessToken: string; refreshToken: string | undefined; expiresAt: Date };

/** Who granted, and for which firm account at the vendor. */
export type Grantor = {
  accountId: string;
  accountName: string;
  userId: string;
  userName: string;
  email: string;
  webOrigin: string;
};

/** Given to each operation: an access token that is good now, and the caller's signal. */
export type Access = { registration: Registration; accessToken: string; signal?: AbortSignal | undefined };

export type ConnectorErrorKind =
  /** The grant is gone or lacks a right: the firm must authorise again. */
  | "auth"
  /** Too many requests: come back after `retryAfterSeconds`. */
  | "rate"
  /** The vendor understood and said no; `message` holds its words. Trying again unchanged will not help. */
  | "rejected"
  /** The record is not there. */
  | "missing"
  /** Not reachable or failing, and certainly nothing was written. */
  | "outage"
  /** The answer cannot be understood. */
  | "unreadable"
  /** A write whose outcome is not known: look up before any retry. */
  | "unclear";

/** The one error that a connector throws. */
export class ConnectorError extends Error {
  override readonly name = "ConnectorError";
  readonly kind: ConnectorErrorKind;
  /** Set for `rate`. */
  readonly retryAfterSeconds: number | undefined;
  /** The vendor's own code, for the log. */
  readonly vendorCode: string | undefined;

  constructor(
    kind: ConnectorErrorKind,
    message: string,
    facts: { retryAfterSeconds?: number | undefined; vendorCode?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.kind = kind;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.vendorCode = facts.vendorCode;
  }
}

/** The families that are read, in the order in which a first load reads them. */
export const FAMILIES = ["clients", "matters", "statements"] as const;
export type Family = (typeof FAMILIES)[number];

/** What every record has; a deleted one is only told of to who asks for changes. */
export type Recorded = { externalId: string; changedAt: Date; deleted: boolean };

export type ClientRecord = Recorded & {
  number: string;
  name: string;
  email: string | undefined;
};

export type PayerRecord = { externalId: string; name: string; email: string | undefined; assigned: boolean };

export type MatterRecord = Recorded & {
  number: string;
  description: string;
  clientExternalId: string;
  open: boolean;
  responsible: string | undefined;
  office: string | undefined;
  trustBalanceMinor: bigint | undefined;
  payers: PayerRecord[];
};

export type StatementRecord = Recorded & {
  number: string;
  matterExternalId: string;
  kind: "invoice" | "trust_request";
  state: "open" | "paid" | "void";
  issuedOn: string;
  dueOn: string | undefined;
  currency: string;
  totalMinor: bigint;
  balanceMinor: bigint;
};

export type FamilyRecord = { clients: ClientRecord; matters: MatterRecord; statements: StatementRecord };

/** A record that could not be understood: reported with the reason, never dropped. */
export type Unreadable = { externalId: string | undefined; reason: string };

export type Page<Item> = {
  items: Item[];
  unreadable: Unreadable[];
  /** Where to go on; undefined after the last page. */
  nextCursor: string | undefined;
};

export type ReadRequest = {
  /** From an earlier page's `nextCursor`. */
  cursor?: string | undefined;
  /** Only what changed at or after this instant, deletions included. Absent on a first load. */
  changedSince?: Date | undefined;
};

/** One posting to write. `reference` is ours, unique for ever, at most 64 characters. */
export type PostRequest = {
  reference: string;
  receivedOn: string;
  method: string;
  memo: string;
  payerName: string;
  amountMinor: bigint;
  currency: string;
  matterExternalId: string;
  statementExternalId: string | undefined;
};

export type ReverseRequest = {
  reference: string;
  /** What the vendor called the entry that is undone. */
  entryExternalId: string;
  entryKind: "payment" | "trust_deposit";
  reversedOn: string;
  reason: string;
  amountMinor: bigint;
  currency: string;
  statementExternalId: string | undefined;
};

/** The vendor's acknowledgement of a write, and an entry in its books: above zero, a reversal's too. */
export type Posted = { externalId: string };
export type Entry = Posted & { amountMinor: bigint };
export type PostKind = "payment" | "trust_deposit" | "reversal";

export type WebhookSubscription = { externalId: string; secret: string };
export type WebhookDelivery = { rawBody: string; header: (name: string) => string | undefined };

/** What a vendor's event points to; the event itself is only a hint to read again. */
export type WebhookHint = { eventId: string; family: Family; externalId: string };

export type Launch = {
  /** Unique per launch; takes effect once. */
  id: string;
  accountId: string;
  userId: string;
  email: string;
  name: string;
  matterExternalId: string | undefined;
  expiresAt: Date;
};

/** Where the authorisation server sends the browser, and what must be kept until it returns. */
export type AuthorizationStart = { url: string; codeVerifier: string };

export type Connector = HandEntryHelp & {
  manifest: Manifest;
  /** Makes the address of the vendor's consent page. `state` is ours. */
  startAuthorization(
    registration: Registration,
    request: { redirectUri: string; state: string; purpose: "connection" | "signIn" },
  ): Promise<AuthorizationStart>;
  /** Checks the whole address that the browser came back to (state, `iss`), and exchanges its code. */
  finishAuthorization(
    registration: Registration,
    request: {
      callbackUrl: string;
      redirectUri: string;
      state: string;
      codeVerifier: string;
      purpose: "connection" | "signIn";
    },
  ): Promise<{ tokens: Tokens; grantor: Grantor }>;
  /** Trades the refresh token. Call it once at a time per grant, and store the answer before using it. */
  refresh(registration: Registration, refreshToken: string): Promise<Tokens>;
  revoke(registration: Registration, tokens: Tokens): Promise<void>;
  /** Reads one page of a family. */
  read<F extends Family>(access: Access, family: F, request: ReadRequest): Promise<Page<FamilyRecord[F]>>;
  /** Reads one record; undefined when it is gone. */
  readOne<F extends Family>(
    access: Access,
    family: F,
    externalId: string,
  ): Promise<FamilyRecord[F] | undefined>;
  /** Deep link to a matter in the vendor's screens. */
  matterUrl(registration: Registration, matterExternalId: string): string;
  postPayment?(access: Access, request: PostRequest): Promise<Posted>;
  postTrustDeposit?(access: Access, request: PostRequest): Promise<Posted>;
  reverse?(access: Access, request: ReverseRequest): Promise<Posted>;
  /** Finds what was written under our reference. More than one is a double entry: report it. */
  lookUp?(access: Access, kind: PostKind, reference: string): Promise<Entry[]>;
  subscribe?(access: Access, callbackUrl: string): Promise<WebhookSubscription>;
  unsubscribe?(access: Access, externalId: string): Promise<void>;
  /** Checks the signature and its age on the raw body; throws `rejected` when it is not the vendor's. */
  readWebhook?(delivery: WebhookDelivery, secret: string, now: Date): Promise<WebhookHint>;
  /** Checks a launch ticket from the vendor's screens; throws `rejected` when it is not good. */
  verifyLaunch?(registration: Registration, ticket: string, now: Date): Promise<Launch>;
};
