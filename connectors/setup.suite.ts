import type {
  Access,
  Connector,
  Entry,
  Family,
  FamilyRecord,
  Grantor,
  Launch,
  Posted,
  PostKind,
  Registration,
  WebhookHint,
  WebhookSubscription,
} from "./contract.ts";
import type { HandEntry } from "./hand-entry.ts";

type Query = Record<string, string>;

/** A family: what the vendor answers, as the bytes it would send, and what must become of it. */
export type ReadCase<F extends Family> = {
  path: string;
  /** A first load over at least two pages. */
  pages: readonly { query: Query; body: string }[];
  items: readonly FamilyRecord[F][];
  /** What changed since an instant; at least one of the items is a deletion. */
  changes: { since: Date; query: Query; body: string; items: readonly FamilyRecord[F][] };
  /** A page with good records and one that cannot be understood. */
  broken: { body: string; readable: number; externalId: string };
  one: { path: string; body: string; item: FamilyRecord[F] };
};

/** A write: how it is asked for, the exact body that must be sent, and the answer. */
export type WriteCase = {
  name: string;
  capability: "postPayment" | "postTrustDeposit" | "reverse";
  path: string;
  run(access: Access): Promise<Posted>;
  sent: string;
  answer: string;
  externalId: string;
};

export type LookUpCase = {
  kind: PostKind;
  reference: string;
  path: string;
  query: Query;
  none: string;
  one: string;
  two: string;
  found: readonly [Entry, Entry];
};

export type AuthorizationCase = {
  /** Puts metadata, keys and the like on the network; asked for or not. */
  stage(): void;
  consentPage: string;
  tokenPath: string;
  revocationPath: string;
  redirectUri: string;
  /** What comes back to the redirect address beside `state` and the result. */
  callbackExtras: Query;
  /** The token endpoint's answer to a code, with the tokens `next…` of `SECRETS`. */
  codeAnswer(purpose: "connection" | "signIn"): Promise<string>;
  /** Stages what is read to know who granted a connection. */
  stageGrantor(): void;
  grantor: Grantor;
  signInGrantor: Grantor;
  /** The answer to a refresh, with the tokens `next…` of `SECRETS`. */
  refreshAnswer: string;
  lifeSeconds: number;
};

/** A file to import: its entries, and the exact bytes that become of them. */
export type ImportFileCase = {
  entries: readonly HandEntry[];
  on: string;
  name: string;
  mediaType: string;
  content: string;
};

export type WebhookCase = {
  secret: string;
  rawBody: string;
  /** The headers with which the vendor would send a body at an instant. */
  headers(rawBody: string, at: Date, secret: string): Record<string, string>;
  hint: WebhookHint;
  callbackUrl: string;
  /** Stages a subscription, and gives what it must become. */
  stageSubscribe(): WebhookSubscription;
  unsubscribePath: string;
};

export type LaunchCase = {
  /** A ticket as of `now`, good but for the change. */
  ticket(
    now: Date,
    change?: {
      audience?: string;
      issuer?: string;
      expiresInSeconds?: number;
      key?: "foreign";
      id?: undefined;
    },
  ): Promise<string>;
  launch: Omit<Launch, "expiresAt">;
};

/**
 * All that the suite must know of a vendor. The parts of a capability are needed when the manifest names it.
 */
export type ConnectorSetup = {
  connector: Connector;
  registration: Registration;
  /** An error answer's body with the vendor's code and words. */
  refusal(code: string, message: string): string;
  reads: { [F in Family]: ReadCase<F> };
  authorization: AuthorizationCase;
  writes?: readonly WriteCase[];
  lookUps?: readonly LookUpCase[];
  importFile?: ImportFileCase;
  webhooks?: WebhookCase;
  launches?: LaunchCase;
};
