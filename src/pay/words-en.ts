/** Everything that a payer reads, in English. Amounts, names and dates are handed in as they are shown. */
export const english = {
  frame: {
    secure: "Secure payment",
    error: "Error",
    problem: "There is a problem",
    language: "Language",
  },
  title: (firm: string) => `Pay ${firm}`,
  due: (firm: string) => `Amount due to ${firm}`,
  dueOn: (day: string) => `Due ${day}`,
  forClient: (client: string) => `For ${client}`,
  statement: (number: string) => `Statement ${number}`,
  invoice: (number: string) => `Invoice ${number}`,
  payment: "Payment",
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
  failedBefore: (amount: string, day: string) =>
    `Your bank payment of ${amount} did not go through (${day}). It was not received, and you can pay again here.`,
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
  captcha: {
    label: "Show that you are a person",
    script: (how: string) =>
      `This check needs JavaScript. Turn it on in your browser and load the page again, or ${how}.`,
    missing:
      "Answer the check that you are a person before you continue. If you see no box, reload the page or contact the firm",
    spent: "The check that you are a person had run out. Answer it once more and continue",
    refused: "The check that you are a person did not succeed. Answer it once more and continue",
    unfit: (how: string) =>
      `The check that you are a person does not work at the moment. Nothing was charged. Please ${how}.`,
    down: (how: string) =>
      `The check that you are a person cannot be reached right now. Nothing was charged. Try again in a few minutes, or ${how}.`,
  },
  contact: {
    firm: "contact the firm",
    phone: (phone: string) => `call the firm at ${phone}`,
    email: (email: string) => `write to the firm at ${email}`,
  },
  fine: (firm: string) =>
    `By continuing you authorize ${firm} to charge the amount you choose. You enter card or bank details on the payment processor’s own page.`,
  continueWith: (amount: string) => `Continue to pay ${amount}`,
  continue: "Continue to payment",
  faults: {
    how: "Choose whether to pay the full amount",
    method: "Choose how you will pay",
    receipt: "Enter an email address like name@example.com, or leave it empty",
    amount: {
      empty: "Enter the amount",
      not_a_number: "Enter the amount in figures, like 1,250.00",
      too_many_decimals: "Enter the amount with at most two decimals, like 1,250.00",
      negative: "Enter an amount above zero",
      too_large: "Enter an amount of 999,999.99 or less",
    },
    tooLittle: (least: string) => `Enter at least ${least}`,
    tooMuch: (most: string) => `Enter no more than ${most}`,
    leavesTooLittle: (whole: string, most: string) =>
      `What would be left is too small to be paid later. Pay the full ${whole}, or no more than ${most}`,
    superseded: "This payment was begun in another window as well. To pay in this one, continue once more.",
  },
  trouble: {
    account: "This account takes no payments any more. Please ask the firm for a new link.",
    unreachable: "The payment page cannot be reached right now. Nothing was charged. Try again in a minute.",
    stillOpen: "The earlier payment page could not be closed. Try again in a minute.",
    beingMade: "Your payment page is being made. Try again in a few seconds.",
    refused: "This payment cannot be taken online. Nothing was charged. Please call the firm.",
    windows: "This payment was begun in several windows at once. Close the others and try again.",
    notExpired: "This link has not expired. Open it again.",
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
    card: "Card",
    bankAccount: "Bank account",
    paidTo: "Paid to",
    reference: "Reference",
    subject: "For",
    requested: "Requested",
    paidToday: "Paid",
    stillOwed: "Not paid with this link",
    refunded: "Refunded",
    kept: "Paid after the refund",
    closed: "This link is now closed and cannot be paid a second time.",
    rest: (firm: string) => `This link is now closed. ${firm} can send a new one for the rest.`,
    restPaid: "This link is now closed. The rest was paid with a newer link.",
    restClearing:
      "This link is now closed. The rest is being paid with a newer link and is clearing at the bank.",
    payRest: "Pay the rest",
  },
  refunded: {
    whole: "Payment refunded",
    wholeText: (firm: string) =>
      `${firm} refunded this payment in full. The money goes back to where it came from; banks take 5 to 10 business days.`,
    part: "Payment received, refunded in part",
    partText: (amount: string, firm: string) =>
      `${firm} refunded ${amount} of this payment. The money goes back to where it came from; banks take 5 to 10 business days.`,
  },
  disputed: {
    open: "Payment disputed",
    openText: (firm: string) =>
      `Your bank asked ${firm} about this payment and holds the money until it has decided. Contact the firm or your bank with questions.`,
    lost: "Payment returned",
    lostText: (firm: string) =>
      `Your bank took this payment back from ${firm}. What it paid may be owed again; contact the firm.`,
    won: "Your bank looked into this payment and left it as it was.",
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
    newer: "There is a newer request for what this link asked for.",
    successor: "Open the newer request",
    paid: "What this link asked for was paid with a newer link.",
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
  problem: {
    tooMany: {
      title: "Too many tries",
      text: (seconds: number) =>
        seconds === 1 ? "Wait one second and try again." : `Wait ${seconds} seconds and try again.`,
    },
    foreign: {
      title: "This form did not come from our own page",
      text: "Open the payment link again and repeat what you did. Nothing was charged.",
    },
    form: {
      title: "This form cannot be read",
      text: "Open the payment link again and repeat what you did. Nothing was charged.",
    },
    changed: { title: "Something changed meanwhile" },
    unknown: {
      title: "Something went wrong",
      text: "Nothing was charged by this. Try again in a minute; if it happens again, tell the firm the reference.",
      reference: (reference: string) => `Reference: ${reference}`,
    },
    back: "Open the payment request",
  },
  footer: {
    questions: "Questions about this request? ",
    call: "Call ",
    or: " or write to ",
    write: "Write to ",
  },
};

/** A language is an object of this form. */
export type PayWords = typeof english;
