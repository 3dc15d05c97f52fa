/** Nothing a law firm bills is larger; far below what a double holds exactly. */
const MAX_CENTS = 99_999_999_999;

/** Major units as they come in JSON to integer cents; undefined when there are more than two decimals or it is out of range. */
export function toCents(amount: number): number | undefined {
  const text = amount.toFixed(2);
  // A double written with two decimals comes back as itself exactly when it had no more than two.
  if (Number(text) !== amount) return undefined;
  const cents = Number(text.replace(".", ""));
  return Math.abs(cents) <= MAX_CENTS ? cents : undefined;
}

/** Integer cents to major units: the double nearest to the decimal, which JSON prints with at most two decimals. */
export function toAmount(cents: number): number {
  return cents / 100;
}

const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

/** Integer cents for a screen, such as `$1,240.00`. */
export function showCents(cents: number): string {
  return dollars.format(toAmount(cents));
}
