import type { PayWords as FrameWords } from "../ui/pay.tsx";

/**
 * Everything that a payer reads, in one place per language. Amounts, names and dates are handed in as they are shown. A further
 * language is one more object of this type.
 */
export type PayWords = typeof english;

const frame: FrameWords = {
  secure: "Secure payment",
  error: "Error",
  problem: "There is a problem",
  language: "Language",
};

const english = {
  locale: "en-US",
  frame,
  title: (firm: string) => `Pay ${firm}`,
  due: (firm: string) => `Amount due to ${firm}`,
  dueOn: (day: string) => `Due ${day}`,
  forClient: (client: string) => `For ${client}`,
  statement: (number: string) => `Statement ${number}`,
  trustRequest: (number: string) => `Trust request ${number}`,
  issued: (day: string) => `Issued ${day}`,
  total: "Total",
  intoOperating: "Paid into the firm’s operating account",
  intoTrust:
    "This payment goes into the firm’s client trust account. The money stays yours until it is earned.",
  paidInto: {
    operating: (firm: string) => `${firm}, operating account`,
    trust: (firm: string) => `Client trust account of ${firm}. The money stays yours until it is earned.`,
  },
  how: {
    label: "How much will you pay?",
    full: "Full amount",
    other: "Another amount",
    otherHint: "Pays the statements in the order shown",
    otherLabel: "Amount to pay",
    bounds: (least: string, most: string) => `At least ${least} and no more than ${most}`,
  },
  method: {
    label: "How will you pay?",
    card: "Card",
    cardHint: "Visa, Mastercard, American Express, Discover",
    bank: "Bank account",
    bankHint: "Clears in about 4 business days",
    onlyCard: "You pay by card.",
    onlyBank: "You pay from a bank account. It clears in about 4 business days.",
  },
  receipt: "Email for the receipt",
  fine: (firm: string) =>
    `By continuing you authorize ${firm} to charge the amount you choose. You enter card or bank details on the payment processor’s own page.`,
  continueWith: (amount: string) => `Continue to pay ${amount}`,
  continue: "Continue to payment",
  faults: {
    how: "Choose whether to pay the full amount",
    method: "Choose how you will pay",
    receipt: "Enter an email address like name@example.com, or leave it empty",
    amount: (fault: string) => fault,
    tooLittle: (least: string) => `Enter at least ${least}`,
    tooMuch: (most: string) => `Enter no more than ${most}`,
    superseded: "This payment was begun in another window as well. To pay in this one, continue once more.",
  },
  processing: {
    title: "Your bank payment is clearing",
    text: "Nothing more to do, and please do not pay again. We email you when the money has arrived.",
    submitted: "Submitted",
    clearing: "Clearing at your bank",
    now: "Now",
    clearingDetail: "Banks take up to 4 business days",
    received: "Received",
    receivedDetail: "We email your receipt",
  },
  paid: {
    title: "Payment received",
    text: "Thank you. Your receipt is below and is emailed to you as well. You can print this page or save it as PDF.",
    receipt: "Receipt",
    date: "Date",
    paidWith: "Paid with",
    paidTo: "Paid to",
    reference: "Reference",
    subject: "For",
    requested: "Requested",
    paidToday: "Paid",
    stillOwed: "Not paid with this link",
    refundedNote: (amount: string) => `${amount} of this payment was refunded.`,
    closed: "This link is now closed and cannot be paid a second time.",
    rest: (firm: string) => `This link is now closed. ${firm} can send a new one for the rest.`,
    payRest: "Pay the rest",
  },
  cancelled: {
    title: "This payment request was withdrawn",
    text: (firm: string) => `${firm} withdrew it. No money was taken.`,
    next: "If you think that this is a mistake, or want to pay, contact the firm.",
  },
  expired: {
    title: "This payment link has expired",
    text: (day: string) => `It could be used until ${day}. No money was taken.`,
    ask: (firm: string) =>
      `Ask for a fresh link and ${firm} will check what is owed today and send it to the address it has for you.`,
    button: "Ask for a fresh link",
    asked: (firm: string) => `${firm} was told that you would like a fresh link.`,
    safety: "For your safety a new link is never sent to an address typed here.",
    successor: "There is a newer request",
  },
  changed: {
    title: "This request has changed",
    text: (firm: string) =>
      `What ${firm} asks for here is no longer what is owed. No money was taken. ${firm} has been told; contact the firm for the present amount.`,
  },
  confirming: {
    title: "We are confirming your payment",
    text: "This usually takes a few seconds. Please do not pay again.",
    again: "Check again",
    notPaid: "Did not finish paying?",
    back: "Go back to the payment request",
  },
  broken: {
    title: "This link does not work",
    text: "Use the link in the newest message from the law firm. If that does not work either, call the firm.",
  },
  footer: {
    questions: "Questions about this request? ",
    call: "Call ",
    or: " or write to ",
    write: "Write to ",
  },
};

/** The languages that the payer's pages speak. */
const LANGUAGES: Readonly<Record<string, PayWords>> = { en: english };
const DEFAULT_LANGUAGE = "en";

/** The first language of an Accept-Language header that the pages speak. */
export function languageOf(acceptLanguage: string | undefined): string {
  const wanted = (acceptLanguage ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return wanted.find((language) => language in LANGUAGES) ?? DEFAULT_LANGUAGE;
}

/** The words of a language; English where it is not spoken. */
export function wordsFor(language: string): PayWords {
  return LANGUAGES[language] ?? english;
}
