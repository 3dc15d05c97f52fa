import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

export const FAULT_KINDS = ["latency", "rate_limit", "error", "drop_answer"] as const;

type Fault = {
  id: number;
  kind: (typeof FAULT_KINDS)[number];
  /** How many requests it still hits. */
  count: number;
  path: string;
  /** Only requests of this method; any when not given. */
  method?: string | undefined;
  milliseconds: number;
  retry_after: number;
};

export type Faults = {
  add: (fault: Omit<Fault, "id">) => Fault;
  list: () => Fault[];
  clear: () => void;
  /** The oldest fault that is due for this request, used up by one; a request is hit by one fault at most. */
  take: (path: string, method: string) => Fault | undefined;
};

/** Faults live in memory: a restarted Docket is well again. */
export function createFaults(): Faults {
  let faults: Fault[] = [];
  let latestId = 0;
  return {
    add: (fault) => {
      latestId += 1;
      const added = { ...fault, id: latestId };
      faults.push(added);
      return added;
    },
    list: () => faults,
    clear: () => {
      faults = [];
    },
    take: (path, method) => {
      const fault = faults.find(
        (candidate) =>
          path.startsWith(candidate.path) && (candidate.method === undefined || candidate.method === method),
      );
      if (fault === undefined) return undefined;
      fault.count -= 1;
      faults = faults.filter((candidate) => candidate.count > 0);
      return fault;
    },
  };
}

/** Puts the faults before everything else, except before their own door; the limit is what a made-up 429 names. */
export function withFaults(
  faults: Faults,
  requestsPerMinute: number,
  inner: RequestListener,
): RequestListener {
  return (request, response) => {
    const path = request.url ?? "/";
    const fault = path.startsWith("/control/") ? undefined : faults.take(path, request.method ?? "GET");
    if (fault === undefined) return inner(request, response);
    if (fault.kind === "latency") return afterPause(fault.milliseconds, request, response, inner);
    if (fault.kind === "drop_answer") return inner(request, cutInsteadOfAnswering(request, response));
    answerFault(fault, requestsPerMinute, response);
  };
}

function afterPause(
  milliseconds: number,
  request: IncomingMessage,
  response: ServerResponse,
  inner: RequestListener,
): void {
  const timer = setTimeout(() => inner(request, response), milliseconds);
  // Who hangs up meanwhile was never served.
  response.once("close", () => clearTimeout(timer));
}

function answerFault(fault: Fault, requestsPerMinute: number, response: ServerResponse): void {
  const limited = fault.kind === "rate_limit";
  response.statusCode = limited ? 429 : 500;
  response.setHeader("Content-Type", "application/json");
  if (limited) {
    response.setHeader("Retry-After", fault.retry_after);
    response.setHeader("X-RateLimit-Limit", requestsPerMinute);
    response.setHeader("X-RateLimit-Remaining", 0);
    response.setHeader("X-RateLimit-Reset", Math.ceil(Date.now() / 1000) + fault.retry_after);
  }
  const error = limited
    ? { code: "rate_limited", message: "Too many requests." }
    : { code: "internal_error", message: "Something went wrong at Docket." };
  response.end(JSON.stringify({ error }));
}

/** The same response, which does nothing with what is written and cuts the connection at its end: the work is done, nobody hears of it. */
function cutInsteadOfAnswering(request: IncomingMessage, response: ServerResponse): ServerResponse {
  const nothing = () => response;
  return Object.assign(response, {
    writeHead: nothing,
    flushHeaders: () => undefined,
    write: () => true,
    end: () => {
      request.socket.destroy();
      return response;
    },
  });
}
