import { invalid } from "../base/error.ts";
import { amountFaultText, formatDecimal, parseAmount } from "../base/money.ts";
import type { Section } from "./section.ts";

/** The card processor charges no less. */
const LEAST_MINOR = 50n;

/** Whether payers may pay less, how little, and what follows. */
export const partSection: Section = {
  key: "part_payments",
  labels: {
    allowed: "Payers may choose another amount",
    least: "Least amount",
    successor: "What is left over",
  },
  show: (stored) => ({
    allowed: stored.part_payments_allowed ? "on" : "",
    least: formatDecimal(stored.least_part_payment_minor),
    successor: stored.successor,
  }),
  read: (typed) => {
    const faults: Record<string, string> = {};
    const least = parseAmount(typed.least ?? "");
    if (!least.ok) faults.least = amountFaultText(least.fault);
    else if (least.minor < LEAST_MINOR) faults.least = `Enter at least ${formatDecimal(LEAST_MINOR)}`;
    const successor = (["by_hand", "by_itself"] as const).find((each) => each === typed.successor);
    if (!successor) faults.successor = "Choose how the rest is asked for";
    if (!least.ok || !successor || Object.keys(faults).length > 0) throw invalid(faults);
    return {
      part_payments_allowed: typed.allowed === "on",
      least_part_payment_minor: least.minor,
      successor,
    };
  },
};
