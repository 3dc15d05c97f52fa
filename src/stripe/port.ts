import type { MovementPage, MovementWish, PayoutFacts } from "./movement.ts";
import type { RefundFacts, RefundRequest, UndoneFacts } from "./undone.ts";

/** The parts of the card processor's objects that the product reads. Amounts in minor units. */
export type CheckoutFacts = {
  sessionId: string;
  url: string | undefined;
  status: "open" | "complete" | "expired";
  paymentStatus: "unpaid" | "paid" | "other";
  paymentIntentId: string | undefined;
  /** The checkout row that this session was made for. */
  checkoutId: string | undefined;
  amountMinor: bigint;
  currency: string;
};

export type PaymentFacts = {
  paymentIntentId: string;
  /** `failed`: the last attempt did; while the session is open, the payer may try again. */
  state: "succeeded" | "processing" | "failed" | "open" | "cancelled" | "other";
  amountMinor: bigint;
  currency: string;
  chargeId: string | undefined;
  /** `card` or `bank_debit`; undefined while nothing was tried. */
  method: "card" | "bank_debit" | undefined;
  /** `Visa ··4242`, for people. */
  methodLabel: string;
  payerName: string | undefined;
  payerEmail: string | undefined;
  /** Why the last attempt failed, in the processor's words for the payer. */
  failureReason: string | undefined;
  /** When the last attempt was made; undefined where it came to no charge. */
  triedAt: Date | undefined;
  feeMinor: bigint;
  refundedMinor: bigint;
  /** The gravest of the payment's disputes: open before lost before won. */
  dispute: "none" | "open" | "won" | "lost";
  /** From our metadata. */
  checkoutId: string | undefined;
  linkId: string | undefined;
  /** When the money was taken. */
  paidAt: Date | undefined;
  /** The day from which the money can be in a payout, `YYYY-MM-DD`. */
  expectedOn?: string | undefined;
};

export type CheckoutRequest = {
  /** The stored checkout's id: idempotency key and metadata. */
  checkoutId: string;
  linkId: string;
  firmId: string;
  processorAccount: string;
  amountMinor: bigint;
  currency: string;
  method: "card" | "bank_debit";
  description: string;
  reference: string;
  receiptEmail: string | undefined;
  /** Of the processor's page. */
  locale: "en" | "es-419" | "fr" | "fr-CA";
  successUrl: string;
  cancelUrl: string;
  expiresAt: Date;
};

export type ProcessorErrorKind =
  /** The request was understood and refused; the same again will not help. */
  | "rejected"
  /** Not reachable, overloaded or failing; the same request with the same key may be sent again. */
  | "outage"
  | "missing"
  /** The key or the account's permission is wrong: an operator's matter. */
  | "auth"
  /** An answer that is not what the processor documents. */
  | "unreadable";

/** The one error that the port throws. */
export class ProcessorError extends Error {
  override readonly name = "ProcessorError";
  readonly kind: ProcessorErrorKind;
  readonly code: string | undefined;

  constructor(
    kind: ProcessorErrorKind,
    message: string,
    facts: { code?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.kind = kind;
    this.code = facts.code;
  }
}

/** A verified event: a hint to read the object again, with what is needed to find it. */
export type ProcessorEvent = {
  id: string;
  type: string;
  account: string | undefined;
  createdAt: Date;
  objectKind: string;
  objectId: string;
  /** The payment intent that the object belongs to, where it has one. */
  paymentIntentId: string | undefined;
  /** The session, for checkout events. */
  sessionId: string | undefined;
  /** The payout, for events of payouts. */
  payoutId?: string | undefined;
};

/** A firm's account at the processor, as the processor itself describes it. */
export type AccountFacts = {
  id: string;
  /** Who is billed for the processing of what is paid into it. Anything but a plain `platform` counts as the account itself. */
  feesPayer: "account" | "platform";
  chargesEnabled: boolean;
  payoutsEnabled: boolean;
  /** Whether a balance below zero is taken back from the bank account. */
  debitsNegativeBalances: boolean;
  /** Three capital letters. */
  currency: string;
  /** Two capital letters. */
  country: string;
  /** What it may take now. */
  methods: ("card" | "bank_debit")[];
  /** Of the bank account that receives the payouts; undefined when there is none or it is not told. */
  last4: string | undefined;
  displayName: string | undefined;
};

/** The way to the card processor. Every call names the firm's account there. */
export type Processor = {
  /** Throws `missing` for an account that is not there or not connected to the platform. */
  findAccount: (processorAccount: string) => Promise<AccountFacts>;
  createCheckout: (request: CheckoutRequest) => Promise<CheckoutFacts>;
  findCheckout: (processorAccount: string, sessionId: string) => Promise<CheckoutFacts>;
  /** Expires an open session; returns its facts afterwards, also when it was complete or expired already. */
  expireCheckout: (processorAccount: string, sessionId: string) => Promise<CheckoutFacts>;
  findPayment: (processorAccount: string, paymentIntentId: string) => Promise<PaymentFacts>;
  /** Checks the signature and its age on the raw body. Throws `rejected` when it is not the processor's, too old or from the future. */
  verifyEvent: (rawBody: string, signature: string | undefined, now: Date) => Promise<ProcessorEvent>;
  /** Events of one account since an instant, oldest first, at most `limit`: to catch up on webhooks that never came. */
  listEvents: (processorAccount: string, since: Date, limit: number) => Promise<ProcessorEvent[]>;
  /** Asks for a refund. Throws `rejected` with a code such as `charge_disputed` where it is refused. */
  createRefund: (request: RefundRequest) => Promise<RefundFacts>;
  /** The refunds and disputes of a payment, whoever asked for them. */
  findUndone: (processorAccount: string, paymentIntentId: string) => Promise<UndoneFacts>;
  findPayout: (processorAccount: string, payoutId: string) => Promise<PayoutFacts>;
  /** The payouts that an account made since an instant, the newest first. */
  listPayouts: (processorAccount: string, since: Date) => Promise<PayoutFacts[]>;
  /** One page of what moved the account's balance, the newest first, behind the transaction `after`. Payouts themselves are left out. */
  listMovements: (
    processorAccount: string,
    wish: MovementWish,
    after: string | undefined,
  ) => Promise<MovementPage>;
};
