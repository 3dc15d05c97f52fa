/** What stands in letters whatever the firm writes. Amounts, days and names are handed in as they are shown. */
export const english = {
  dear: (name: string) => `Dear ${name},`,
  via: (firm: string) => `${firm} via Send for Payment`,
  amountDue: "Amount due",
  amountDueInto: {
    operating: "Amount due, into our operating account",
    trust: "Amount due, into our client trust account",
  },
  due: (day: string) => `Due ${day}`,
  statement: (number: string) => `Statement ${number}`,
  trustRequest: (number: string) => `Trust request ${number}`,
  invoice: (number: string) => `Invoice ${number}`,
  issued: (day: string) => `Issued ${day}`,
  payment: "Payment",
  total: "Total",
  whatFor: "What this payment is for",
  pay: "Review and pay",
  payAmount: (amount: string) => `Review and pay ${amount}`,
  buttonFails: "If the button does not work, copy this address into your browser:",
  twoAccounts:
    "There are two payments, because they go into two different accounts of ours. Please make each with its own button.",
  expires: (day: string) => `The link takes one payment and expires on ${day}.`,
  expireBoth: (day: string) => `Each link takes one payment; they expire on ${day}.`,
  trust: "This payment goes into our client trust account, where it is held for you.",
  unsure: "Not sure this is from us? Call the number you already have for our office before you pay.",
  sentBy: (name: string) => `Sent by ${name}`,
  replies: (address: string) => `replies reach ${address}`,
  received: "Payment received",
  underWay: "Bank payment under way",
  notCompleted: "Bank payment not completed",
  refunded: "Refunded to you",
  seeReceipt: "See your receipt",
  seePayment: "See your payment",
  payAgain: "Pay again",
  reference: (reference: string) => `reference ${reference}`,
  tryAgain: "Please pay again, by card or from another account.",
  askFirst: "Please write or call us before you pay again.",
  refund: {
    subject: (firm: string) => `Your refund from ${firm}`,
    body: (firm: string, amount: string, day: string) =>
      `${firm} refunded ${amount} of your payment of ${day}. It goes back to the card or account that you paid with. Banks take a few business days to show it.`,
  },
};

export type LetterWords = typeof english;
