import type { Books } from "../flows/books.ts";
import { readCharges } from "../flows/doors.ts";
import { readDocketLedger } from "../support/main-job.ts";
import type { Service } from "../support/start-service.ts";
import { readGone } from "./undone-lines.ts";

export type Comparison = {
  charges: number;
  payments: number;
  postings: number;
  entries: number;
  /** Payments of which something was refunded or disputed away in the end. */
  undone: number;
  /** One sentence per thing that does not agree. Empty when all is well. */
  differences: string[];
};

/**
 * Holds what the processor took against our payments, our payments against our postings, and our postings against Docket's ledger:
 * nothing lost, nothing twice, all to the cent.
 */
export async function compareBooks(service: Service, books: Books): Promise<Comparison> {
  const charges = (await readCharges(service)).filter((charge) => charge.status === "succeeded");
  const gone = await readGone(service);
  const payments = await books.read<PaymentLine>(
    `select y.payment_intent_id as id, y.amount_minor as minor, y.is_surplus as surplus,
       coalesce(sum(p.amount_minor) filter (where p.kind <> 'reversal' and p.cause = 'payment'), 0)::bigint as posted,
       coalesce(sum(case when p.kind = 'reversal' then -p.amount_minor else p.amount_minor end)
         filter (where p.state = 'posted'), 0)::bigint as net
     from payment y left join posting p on p.firm_id = y.firm_id and p.payment_id = y.id
     where y.state = 'succeeded' group by y.firm_id, y.id`,
  );
  const postings = await books.read<{ id: string; minor: bigint; state: string; problem: string | null }>(
    "select reference as id, amount_minor as minor, state, problem from posting",
  );
  const entries = (await readDocketLedger(service)).map((entry) => ({
    id: entry.reference,
    minor: BigInt(Math.round(entry.amount * 100)),
  }));
  const differences = [
    ...compare("charge", charges.map(chargeLine), "payment", payments),
    ...compare(
      "posting",
      postings.filter((posting) => posting.state === "posted"),
      "entry in Docket",
      entries,
    ),
    ...payments
      .filter((payment) => payment.posted !== payment.minor)
      .map((payment) => `payment ${payment.id} of ${payment.minor} has postings of ${payment.posted}`),
    ...payments
      .filter((payment) => payment.net !== payment.minor - (gone.get(payment.id) ?? 0n))
      .map(
        (payment) =>
          `payment ${payment.id} of ${payment.minor}, of which ${gone.get(payment.id) ?? 0n} is gone, stands in Docket with ${payment.net}`,
      ),
    ...payments
      .filter((payment) => payment.surplus)
      .map((payment) => `payment ${payment.id} is one too many`),
    ...postings
      .filter((posting) => posting.state !== "posted" && posting.state !== "set_aside")
      .map((posting) => `posting ${posting.id} is ${posting.state} (${posting.problem ?? "no problem"})`),
  ];
  return {
    charges: charges.length,
    payments: payments.length,
    postings: postings.length,
    entries: entries.length,
    undone: gone.size,
    differences,
  };
}

/** `posted` is what its postings lay on statements, `net` what Docket holds of it after reversals. */
type PaymentLine = { id: string; minor: bigint; posted: bigint; net: bigint; surplus: boolean };
type Line = { id: string; minor: bigint };

function chargeLine(charge: { payment_intent: unknown; amount: number }): Line {
  return { id: String(charge.payment_intent), minor: BigInt(charge.amount) };
}

function compare(oneName: string, ones: Line[], otherName: string, others: Line[]): string[] {
  const [left, right] = [group(ones), group(others)];
  const ids = new Set([...left.keys(), ...right.keys()]);
  return [...ids].flatMap((id) => {
    const [one, other] = [left.get(id) ?? [], right.get(id) ?? []];
    const agree = one.length === 1 && other.length === 1 && one[0] === other[0];
    return agree
      ? []
      : [`${id}: ${oneName} ${one.join(", ") || "none"}, ${otherName} ${other.join(", ") || "none"}`];
  });
}

function group(lines: Line[]): Map<string, bigint[]> {
  const groups = new Map<string, bigint[]>();
  for (const { id, minor } of lines) groups.set(id, [...(groups.get(id) ?? []), minor]);
  return groups;
}
