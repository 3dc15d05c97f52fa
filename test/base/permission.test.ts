import { describe, expect, it } from "vitest";
import { isRole, may, type Permission, permissions, ROLES, type Role } from "../../src/base/permission.ts";

describe("permissions", () => {
  const allowed: Record<Permission, readonly Role[]> = {
    "dashboard.see": ROLES,
    "matters.search": ROLES,
    "links.see": ROLES,
    "links.send": ROLES,
    "links.cancel": ROLES,
    "postings.see": ["bookkeeper", "admin"],
    "postings.manage": ["bookkeeper", "admin"],
    "payments.refund": ["bookkeeper", "admin"],
    "deposits.see": ["bookkeeper", "admin"],
    "deposits.manage": ["bookkeeper", "admin"],
    "connections.see": ["admin"],
    "connections.manage": ["admin"],
    "connections.sync": ROLES,
    "settings.manage": ["admin"],
    "team.manage": ["admin"],
    "audit.see": ["admin"],
  };

  it.each(permissions())("%s belongs to the roles that the product gives it", (permission) => {
    expect(ROLES.filter((role) => may(role, permission))).toEqual(allowed[permission]);
  });

  it("each role may all that the weaker one may", () => {
    for (const permission of permissions()) {
      if (may("staff", permission)) expect(may("bookkeeper", permission), permission).toBe(true);
      if (may("bookkeeper", permission)) expect(may("admin", permission), permission).toBe(true);
    }
  });

  it("knows its roles and no others", () => {
    expect(["staff", "bookkeeper", "admin", "owner", "Admin", "toString", ""].filter(isRole)).toEqual([
      ...ROLES,
    ]);
  });
});
