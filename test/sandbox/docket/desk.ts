import type { Running } from "../../../src/sandbox/serve.ts";
import { type Answer, call, connect, FIRST_MATTER, type Statement, startTestDocket } from "./harness.ts";

/** A connected app at a Docket of its own, with what the tests of writing need. */
export type Desk = {
  docket: Running;
  token: string;
  post: <Body>(path: string, body: unknown) => Promise<Answer<Body>>;
  getStatement: (id: string) => Promise<Statement>;
  /** A new open statement of the first matter. */
  newStatement: (kind: Statement["kind"], total: number) => Promise<Statement>;
};

const REQUESTS_PER_MINUTE = 100_000;

export async function openDesk(folder: string): Promise<Desk> {
  const docket = await startTestDocket({ folder, requestsPerMinute: REQUESTS_PER_MINUTE });
  const token = (await connect(docket)).access_token;
  const post = <Body>(path: string, body: unknown) => call<Body>(docket, token, path, body);
  return {
    docket,
    token,
    post,
    getStatement: async (id) => (await call<Statement>(docket, token, `/api/v1/statements/${id}`)).body,
    newStatement: async (kind, total) => {
      const body = { matter_id: FIRST_MATTER, kind, issued_on: "2030-01-01", due_on: null, total };
      return (await post<Statement>("/control/statements", body)).body;
    },
  };
}

export const receipt = {
  received_on: "2030-02-01",
  method: "card",
  memo: "Link 12",
  payer_name: "Adaeze Okafor",
};

export function payment(reference: string, amount: number, ...allocations: [string, number][]) {
  const lines = allocations.map(([statement_id, part]) => ({ statement_id, amount: part }));
  return { ...receipt, reference, amount, allocations: lines };
}
