import type { Store } from "../store/database.ts";

export const FAULT_KINDS = ["latency", "error", "rate_limit", "drop_answer", "no_error_body"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

type Fault = {
  kind: FaultKind;
  /** How many requests it befalls. */
  count: number;
  /** The beginning of the paths it befalls. */
  path: string;
  /** How long a `latency` holds the request back. */
  milliseconds: number;
};

/** Stores a fault for the requests to come. */
export function addFault(store: Store, fault: Fault): void {
  store.database
    .prepare("insert into fault (kind, path, milliseconds, remaining) values (?, ?, ?, ?)")
    .run(fault.kind, fault.path, fault.milliseconds, fault.count);
}

/** Takes away every fault that was not used up. */
export function clearFaults(store: Store): void {
  store.database.exec("delete from fault");
}

/**
 * The faults that befall a request for this path, each one used up by one; the value is the delay in
 * milliseconds.
 */
export function takeFaults(store: Store, path: string): Map<FaultKind, number> {
  const rows = store.database
    .prepare(
      "select id, kind, milliseconds from fault where remaining > 0 and substr(?, 1, length(path)) = path",
    )
    .all(path);
  const taken = new Map<FaultKind, number>();
  for (const row of rows) {
    const kind = row.kind as FaultKind;
    if (taken.has(kind)) continue;
    taken.set(kind, Number(row.milliseconds));
    store.database.prepare("update fault set remaining = remaining - 1 where id = ?").run(Number(row.id));
  }
  if (taken.size > 0) store.database.exec("delete from fault where remaining <= 0");
  return taken;
}
