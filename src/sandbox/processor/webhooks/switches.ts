import type { Store } from "../store/database.ts";

/** How deliveries misbehave, set through the control endpoint; the defaults behave well. */
type Switches = {
  /** How many times each delivery is sent, at the same moment. */
  duplicate: number;
  delay_milliseconds: number;
  /** Deliveries within a window of so many milliseconds go out last first; 0 keeps the order. */
  disorder: number;
  /** Events are recorded, but no delivery is ever sent for them. */
  stopped: boolean;
  /** Added to the timestamp in the signature. */
  clock_skew_seconds: number;
};

export const WELL_BEHAVED: Switches = {
  duplicate: 1,
  delay_milliseconds: 0,
  disorder: 0,
  stopped: false,
  clock_skew_seconds: 0,
};

/** The switches as they stand. */
export function readSwitches(store: Store): Switches {
  const row = store.database.prepare("select value from setting where name = 'webhooks'").get();
  return row === undefined ? WELL_BEHAVED : (JSON.parse(String(row.value)) as Switches);
}

/** Sets the switches; they stay set through a restart. */
export function writeSwitches(store: Store, switches: Switches): void {
  store.database
    .prepare("insert or replace into setting (name, value) values ('webhooks', ?)")
    .run(JSON.stringify(switches));
}
