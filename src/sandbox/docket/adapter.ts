import { type Adapter, type AdapterPayload, errors } from "oidc-provider";
import type { Store } from "./store.ts";

/** oidc-provider's own records (grants, tokens, sessions, interactions) in the data file. */
export function createAdapter(store: Store, model: string): Adapter {
  const read = (where: string, value: string): AdapterPayload | undefined => {
    const row = store.find<{ payload: string }>(
      `select payload from oidc where model = ? and ${where} = ? and (expires_at is null or expires_at > ?)`,
      model,
      value,
      Date.now(),
    );
    return row === undefined ? undefined : (JSON.parse(row.payload) as AdapterPayload);
  };
  return {
    upsert: async (id, payload, expiresIn) => {
      store.run(
        `insert into oidc (model, id, payload, grant_id, uid, expires_at) values (?, ?, ?, ?, ?, ?)
         on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
           uid = excluded.uid, expires_at = excluded.expires_at`,
        model,
        id,
        JSON.stringify(payload),
        payload.grantId ?? null,
        payload.uid ?? null,
        expiresIn === undefined ? null : Date.now() + expiresIn * 1000,
      );
    },
    find: async (id) => read("id", id),
    findByUid: async (uid) => read("uid", uid),
    // The device flow is off, so nothing ever has a user code.
    findByUserCode: async () => undefined,
    consume: async (id) => consume(store, model, id),
    destroy: async (id) => {
      store.run("delete from oidc where model = ? and id = ?", model, id);
    },
    revokeByGrantId: async (grantId) => {
      store.run("delete from oidc where model = ? and grant_id = ?", model, grantId);
    },
  };
}

/** Of two uses of one token at the same instant the second counts as a reuse, which ends the whole grant. */
function consume(store: Store, model: string, id: string): void {
  const consumed = store.run(
    `update oidc set payload = json_set(payload, '$.consumed', ?)
     where model = ? and id = ? and json_extract(payload, '$.consumed') is null`,
    Math.floor(Date.now() / 1000),
    model,
    id,
  );
  if (consumed === 1) return;
  const row = store.find<{ grant_id: string | null }>(
    "select grant_id from oidc where model = ? and id = ?",
    model,
    id,
  );
  if (row?.grant_id != null) revokeGrant(store, row.grant_id);
  throw new errors.InvalidGrant("already used");
}

/** Ends a grant with every token and code made of it. */
function revokeGrant(store: Store, grantId: string): void {
  store.run("delete from oidc where grant_id = ? or (model = 'Grant' and id = ?)", grantId, grantId);
}

/** Ends every grant there is; returns how many there were. */
export function revokeAllGrants(store: Store): number {
  store.run("delete from oidc where grant_id is not null");
  return store.run("delete from oidc where model = 'Grant'");
}

/** Forgets what has expired; called at each start. */
export function purgeExpired(store: Store): void {
  store.run("delete from oidc where expires_at < ?", Date.now());
  store.run("delete from browser_sessions where expires_at < ?", Date.now());
}
