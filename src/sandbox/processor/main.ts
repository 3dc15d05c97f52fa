import { runAsProcess } from "../serve.ts";
import type { FeesPayer } from "./account-body.ts";
import { type ProcessorOptions, startProcessor } from "./server.ts";

type SeedAccount = { id: string; name: string; fees_payer: FeesPayer; bank_last4?: string | undefined };

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}

/** Reads `[{id, name, fees_payer, bank_last4?}]`; throws with the reason when it is anything else. */
function readAccounts(json: string | undefined): SeedAccount[] {
  const accounts: unknown = JSON.parse(json ?? "[]");
  if (!Array.isArray(accounts)) throw new Error("PROCESSOR_ACCOUNTS is not a list");
  return accounts.map((entry: Record<string, unknown>) => {
    const { id, name, fees_payer, bank_last4 } = entry;
    if (typeof id !== "string" || !id.startsWith("acct_"))
      throw new Error("PROCESSOR_ACCOUNTS: id must be acct_…");
    if (typeof name !== "string") throw new Error(`PROCESSOR_ACCOUNTS: ${id} has no name`);
    if (fees_payer !== "account" && fees_payer !== "application") {
      throw new Error(`PROCESSOR_ACCOUNTS: fees_payer of ${id} must be account or application`);
    }
    if (bank_last4 !== undefined && typeof bank_last4 !== "string")
      throw new Error(`PROCESSOR_ACCOUNTS: bank_last4 of ${id} must be text`);
    return { id, name, fees_payer, bank_last4 };
  });
}

function readOptions(): ProcessorOptions {
  const url = process.env.PROCESSOR_WEBHOOK_URL || undefined;
  return {
    port: Number(process.env.PROCESSOR_PORT ?? 0),
    data: required("PROCESSOR_DATA"),
    secretKey: required("PROCESSOR_SECRET_KEY"),
    webhook: url === undefined ? undefined : { url, secret: required("PROCESSOR_WEBHOOK_SECRET") },
    accounts: readAccounts(process.env.PROCESSOR_ACCOUNTS),
  };
}

await runAsProcess(() => startProcessor(readOptions()));
