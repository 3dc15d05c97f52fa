import { type Day, formatLongDay } from "../base/day.ts";

/** What a request says where the firm has not written its own words. */
export const DEFAULT_MESSAGE =
  "Thank you for trusting {firm}. Your payment is due {due}. You can pay online in a minute; no account or password is needed.";

export type MessageFacts = {
  firmName: string;
  payerName: string;
  clientName: string;
  dueOn: Day | undefined;
};

/** The closed list of placeholders, each with what stands in its place. */
const PLACEHOLDERS = {
  firm: (facts) => facts.firmName,
  payer: (facts) => facts.payerName,
  client: (facts) => facts.clientName,
  due: (facts) => (facts.dueOn === undefined ? "on receipt" : `on ${formatLongDay(facts.dueOn)}`),
} as const satisfies Record<string, (facts: MessageFacts) => string>;

/** Fills the placeholders of a firm's text. What stands in braces and is no placeholder stays as it was written. */
export function fillMessage(template: string, facts: MessageFacts): string {
  const text = template.trim() === "" ? DEFAULT_MESSAGE : template;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in PLACEHOLDERS ? PLACEHOLDERS[name as keyof typeof PLACEHOLDERS](facts) : whole,
  );
}
