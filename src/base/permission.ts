export const ROLES = ["staff", "bookkeeper", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** The one table of who may do what. Routes, verbs and the interface all read it. */
const PERMISSIONS = {
  "dashboard.see": ["staff", "bookkeeper", "admin"],
  "matters.search": ["staff", "bookkeeper", "admin"],
  "links.see": ["staff", "bookkeeper", "admin"],
  "links.send": ["staff", "bookkeeper", "admin"],
  "links.cancel": ["staff", "bookkeeper", "admin"],
  "postings.see": ["bookkeeper", "admin"],
  "postings.manage": ["bookkeeper", "admin"],
  "payments.refund": ["bookkeeper", "admin"],
  "deposits.see": ["bookkeeper", "admin"],
  "deposits.manage": ["bookkeeper", "admin"],
  "connections.see": ["admin"],
  "connections.manage": ["admin"],
  "connections.sync": ["staff", "bookkeeper", "admin"],
  "settings.manage": ["admin"],
  "team.manage": ["admin"],
  "audit.see": ["admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether a role holds a permission. */
export function may(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** Every permission, for tests that walk the table. */
export function permissions(): Permission[] {
  return Object.keys(PERMISSIONS) as Permission[];
}
