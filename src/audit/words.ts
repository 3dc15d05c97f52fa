import { formatMoney } from "../base/money.ts";
import type { AuditRow } from "./record-queries.ts";

/** The kinds of things that the record speaks of, as a person calls them. */
export const OBJECT_KINDS: Readonly<Record<string, string>> = {
  link: "Payment links",
  payment: "Payments",
  posting: "Postings",
  refund: "Refunds",
  dispute: "Disputes",
  deposit: "Deposits",
  reminder: "Reminders",
  email: "Emails",
  batch: "Bulk uploads",
  linkAction: "Actions on many links",
  export: "Exports",
  checkout: "Visits to the card processor",
  settings: "Settings",
  member: "Members",
  session: "Sign-ins",
  connection: "Connections",
  sync: "Readings of the matter system",
  view: "Saved views",
};

/** Who acts besides members. */
export const ACTOR_KINDS = {
  payer: "Payers",
  system: "Send for Payment",
  processor: "Card processor",
  matter_system: "Matter system",
  mail: "Mail service",
} as const satisfies Partial<Record<AuditRow["actor_kind"], string>>;

const ACTIONS: Readonly<Record<string, string>> = {
  "account.added": "Merchant account added",
  "account.archived": "Merchant account archived",
  "account.changed": "Merchant account changed",
  "account.restored": "Merchant account brought back",
  "batch.columnsChosen": "Columns of an upload chosen",
  "batch.linksDownloaded": "Links of an upload downloaded",
  "batch.started": "Sending of an upload started",
  "batch.uploaded": "File uploaded",
  "connection.authorization_lost": "Connection needs a new authorization",
  "connection.authorized": "Connection authorized",
  "connection.posting_chosen": "Way of posting chosen",
  "connection.sync_requested": "Reading of the matter system asked for",
  "firm.created": "Firm created",
  "link.corrected": "Address of a link corrected",
  "link.extended": "Expiry of a link changed",
  "link.freshAsked": "Fresh link asked for by the payer",
  "link.partPaid": "Link paid in part",
  "link.resent": "Link sent again",
  "link.succeeded": "New link made for the rest",
  "link.tried": "Payment declined",
  "links.copied": "Links copied",
  "links.exported": "Links exported",
  "member.invited": "Member invited",
  "member.removed": "Member removed",
  "member.role_changed": "Role of a member changed",
  "pay.unchecked": "Payer let through without a captcha",
  "posting.laid": "Payment laid on a statement",
  "posting.markedPosted": "Marked as posted by hand",
  "posting.needsAttention": "Posting needs attention",
  "posting.putBack": "Posting put back",
  "posting.setAside": "Posting set aside",
  "record.exported": "Record exported",
  "reminders.changed": "Smart Reminders changed",
  "session.launched": "Panel opened in the matter system",
  "session.started": "Signed in",
  "settings.logo_changed": "Logo changed",
  "settings.logo_removed": "Logo taken away",
  "settings.message_changed": "Message changed",
  "settings.notifications_changed": "Notifications changed",
  "settings.part_payments_changed": "Part payments changed",
  "settings.payment_page_changed": "Payment page changed",
  "settings.security_changed": "Security changed",
};

const FIELDS: Readonly<Record<string, string>> = {
  allowed: "Another amount allowed",
  amountMinor: "Amount",
  body: "Message",
  captcha: "Captcha",
  colour: "Brand color",
  contact: "Contact email",
  copies: "Copies to the sender",
  expiryDays: "Notice before expiry, days",
  fees_payer: "Fees are paid by",
  idle: "Signed out after, minutes",
  isDefault: "Default",
  is_default: "Default",
  last4: "Bank account ends in",
  ledgerCode: "Ledger code",
  ledger_code: "Ledger code",
  least: "Least amount",
  lifetime: "Links live",
  lifetimeUnit: "Links live, unit",
  methods: "Takes",
  processor_account: "Account at the card processor",
  outage: "When the captcha does not answer",
  replyTo: "Replies go to",
  secret: "Captcha secret",
  siteKey: "Captcha site key",
  successor: "The rest is asked for",
};

const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  outage: { refuse: "nobody pays", let_through: "payers go on unchecked" },
  successor: { by_hand: "by a member", by_itself: "by itself" },
  fees_payer: { account: "the account", platform: "the platform" },
  captcha: { off: "none", recaptcha: "reCAPTCHA", turnstile: "Turnstile", hcaptcha: "hCaptcha" },
};

/** Ids and the like: for programs, and in the export. */
const HIDDEN = new Set(["currency", "hash"]);
const EMPTY = "nothing";

/** What happened, in words: known ones, else the words of the action itself. */
export function actionWords(action: string): string {
  const known = ACTIONS[action];
  if (known !== undefined) return known;
  const [object = "", verb = ""] = action.split(".");
  return sentence(`${spaced(object)} ${spaced(verb)}`.trim());
}

export type Change = { name: string; before: string | undefined; after: string | undefined };

/** What changed, part by part. `before` and `after` are undefined where the event had none of the part. */
export function changesOf(row: Pick<AuditRow, "before" | "after">): Change[] {
  const before = partsOf(row.before);
  const after = partsOf(row.after);
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !HIDDEN.has(name));
  return names.map((name) => ({
    name: FIELDS[name] ?? sentence(spaced(name)),
    before: wordsOf(name, before),
    after: wordsOf(name, after),
  }));
}

/** A change in one line: `Least amount: 50.00 → 100.00`. */
export function changeLine({ name, before, after }: Change): string {
  if (before === undefined) return `${name}: ${after ?? EMPTY}`;
  if (after === undefined) return `${name}: ${before}`;
  return before === after ? `${name}: ${after}` : `${name}: ${before} → ${after}`;
}

function partsOf(facts: AuditRow["before"]): Map<string, unknown> {
  return typeof facts === "object" && facts !== null && !Array.isArray(facts)
    ? new Map(Object.entries(facts))
    : new Map(facts === null ? [] : [["value", facts]]);
}

function wordsOf(name: string, parts: ReadonlyMap<string, unknown>): string | undefined {
  if (!parts.has(name)) return undefined;
  const value = parts.get(name);
  if (name.endsWith("Minor")) return moneyOf(value, parts.get("currency")) ?? plain(value);
  return (typeof value === "string" ? VALUES[name]?.[value] : undefined) ?? plain(value);
}

function moneyOf(minor: unknown, currency: unknown): string | undefined {
  const isMoney = typeof minor === "string" && /^-?\d{1,18}$/.test(minor) && typeof currency === "string";
  return isMoney ? formatMoney({ minor: BigInt(minor), currency }) : undefined;
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return EMPTY;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? EMPTY : value.map(plain).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `freshAsked` and `fresh_asked` become `fresh asked`. */
function spaced(word: string): string {
  return word
    .replace(/_/g, " ")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .trim();
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
