import type { Decline, Fate } from "../resources.ts";

export type TestCard = {
  number: string;
  brand: "visa" | "mastercard" | "amex";
  /** Shown on the page beside the number. */
  says: string;
  decline: Decline | null;
  /** Asks for 3-D Secure first. */
  authenticates: boolean;
  fate: Fate;
};

const declined = (code: string, declineCode: string | null, message: string): Decline => ({
  code,
  decline_code: declineCode,
  message,
});

const GENERIC = declined("card_declined", "generic_decline", "Your card was declined.");

function card(number: string, says: string, rest: Partial<TestCard> = {}): TestCard {
  return { number, brand: "visa", says, decline: null, authenticates: false, fate: "none", ...rest };
}

function refused(number: string, says: string, decline: Decline): TestCard {
  return card(number, says, { decline });
}

/** The well-known test numbers and what each of them does. */
export const TEST_CARDS: readonly TestCard[] = [
  card("4242424242424242", "succeeds"),
  card("5555555555554444", "succeeds (Mastercard)", { brand: "mastercard" }),
  card("378282246310005", "succeeds (American Express)", { brand: "amex" }),
  refused("4000000000000002", "declined", GENERIC),
  refused(
    "4000000000009995",
    "declined: insufficient funds",
    declined("card_declined", "insufficient_funds", "Your card has insufficient funds."),
  ),
  refused(
    "4000000000009987",
    "declined: lost card",
    declined("card_declined", "lost_card", "Your card was declined."),
  ),
  refused(
    "4000000000009979",
    "declined: stolen card",
    declined("card_declined", "stolen_card", "Your card was declined."),
  ),
  refused(
    "4000000000000069",
    "declined: expired card",
    declined("expired_card", null, "Your card has expired."),
  ),
  refused(
    "4000000000000127",
    "declined: wrong security code",
    declined("incorrect_cvc", null, "Your card's security code is incorrect."),
  ),
  refused(
    "4000000000000119",
    "declined: processing error",
    declined(
      "processing_error",
      null,
      "An error occurred while processing your card. Try again in a little bit.",
    ),
  ),
  card("4000002500003155", "asks for 3-D Secure", { authenticates: true }),
  card("4000002760003184", "asks for 3-D Secure", { authenticates: true }),
  card("4000008400001629", "3-D Secure, then declined", { authenticates: true, decline: GENERIC }),
  card("4000000000000259", "succeeds, then disputed as fraudulent", { fate: "dispute_fraudulent" }),
  card("4000000000002685", "succeeds, then disputed as not received", { fate: "dispute_not_received" }),
  card("4000000000001976", "succeeds, then an inquiry", { fate: "inquiry" }),
  card("4000000000005423", "succeeds, then an early fraud warning", { fate: "early_fraud_warning" }),
  card("4000000000007726", "succeeds; a refund is pending, then succeeds", { fate: "refund_pending" }),
  card("4000000000005126", "succeeds; a refund succeeds, then fails", { fate: "refund_fails" }),
  card("4000000000000077", "succeeds; the money is available at once", { fate: "available_at_once" }),
];

const LIVE_NUMBER = declined(
  "card_declined",
  "test_mode_live_card",

  "Your card was declined. Your request was in test mode, but used a non test card. For a " +
    "list of valid test cards, visit: https://stripe.com/docs/testing.",
);

/** What a number does; one that is no test number is declined as a real card would be in test mode. */
export function cardFor(number: string): TestCard {
  return (
    TEST_CARDS.find((known) => known.number === number) ?? refused(number, "no test number", LIVE_NUMBER)
  );
}

/** Whether the last digit fits the others (Luhn), as on every card. */
export function fitsChecksum(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
