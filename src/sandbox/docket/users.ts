import type { Store } from "./store.ts";

export type User = { id: string; name: string; email: string; role: "staff" | "bookkeeper" | "admin" };

/** Everyone of the firm, by name. */
export function listUsers(store: Store): User[] {
  return store.all<User>("select id, name, email, role from users order by name");
}

/** A user by id, or undefined. */
export function findUser(store: Store, id: string): User | undefined {
  return store.find<User>("select id, name, email, role from users where id = ?", id);
}

const ADMIN_SCOPES = new Set(["matters.read", "payments.write", "webhooks.manage"]);

/** The scopes that only an administrator may hand to an app. */
export function adminScopes(scopes: Iterable<string>): string[] {
  return [...scopes].filter((scope) => ADMIN_SCOPES.has(scope));
}
