import { Hono } from "hono";
import { z } from "zod";
import { moneyField, readBody } from "./body.ts";
import type { Docket } from "./docket.ts";
import { type ApiEnv, requireScope } from "./guard.ts";
import { recordDeposit, recordPayment, recordReversal } from "./ledger.ts";
import { withLines } from "./read.ts";
import { reversalRecord } from "./rows.ts";

const MAX_REFERENCE_LENGTH = 64;
const MAX_TEXT_LENGTH = 500;
const MAX_ALLOCATIONS = 500;

const text = z.string().max(MAX_TEXT_LENGTH).nullish();
const reference = z.string().min(1).max(MAX_REFERENCE_LENGTH);
const allocation = z
  .object({ statement_id: z.string(), amount: moneyField })
  .transform((value) => ({ statementId: value.statement_id, cents: value.amount }));
const allocations = z.array(allocation).min(1).max(MAX_ALLOCATIONS);

const receipt = z.object({
  reference,
  received_on: z.iso.date(),
  method: text,
  memo: text,
  payer_name: text,
  amount: moneyField,
});
const paymentBody = receipt.extend({ allocations });
const depositBody = receipt.extend({ matter_id: z.string(), statement_id: z.string().nullish() });
const depositReversalBody = z.object({
  reference,
  reversed_on: z.iso.date(),
  reason: text,
  amount: moneyField,
});
const paymentReversalBody = depositReversalBody.extend({ allocations });

function receiptOf(body: z.infer<typeof receipt>) {
  return {
    reference: body.reference,
    receivedOn: body.received_on,
    method: body.method ?? null,
    memo: body.memo ?? null,
    payerName: body.payer_name ?? null,
    cents: body.amount,
  };
}

function reversalOf(body: z.infer<typeof depositReversalBody>, entryId: string) {
  return {
    entryId,
    reference: body.reference,
    reversedOn: body.reversed_on,
    reason: body.reason ?? null,
    cents: body.amount,
  };
}

/** The writing half of the API. Nothing here looks for an earlier entry of the same reference. */
export function writeRoutes(docket: Docket): Hono<ApiEnv> {
  const { store } = docket;
  const mayWrite = requireScope("payments.write");
  const routes = new Hono<ApiEnv>();
  routes.post("/payments", mayWrite, async (context) => {
    const body = await readBody(context, paymentBody);
    const entry = recordPayment(store, { ...receiptOf(body), allocations: body.allocations });
    return context.json(withLines(store, entry), 201);
  });
  routes.post("/trust-deposits", mayWrite, async (context) => {
    const body = await readBody(context, depositBody);
    const target = { matterId: body.matter_id, statementId: body.statement_id ?? null };
    const entry = recordDeposit(store, { ...receiptOf(body), ...target });
    return context.json(withLines(store, entry), 201);
  });
  routes.post("/payments/:id/reversals", mayWrite, async (context) => {
    const body = await readBody(context, paymentReversalBody);
    const input = { ...reversalOf(body, context.req.param("id")), allocations: body.allocations };
    return context.json(reversalRecord(recordReversal(store, "payment", input)), 201);
  });
  routes.post("/trust-deposits/:id/reversals", mayWrite, async (context) => {
    const body = await readBody(context, depositReversalBody);
    const input = { ...reversalOf(body, context.req.param("id")), allocations: [] };
    return context.json(reversalRecord(recordReversal(store, "trust_deposit", input)), 201);
  });
  return routes;
}
