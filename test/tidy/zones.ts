/** The features in their written order: each may import those before it. */
export const FEATURES = [
  "audit",
  "inbox",
  "settings",
  "team",
  "connections",
  "matters",
  "statements",
  "links",
  "bulk",
  "delivery",
  "reminders",
  "pay",
  "payments",
  "postings",
  "deposits",
  "dashboard",
  "api",
];

/** The ports to the outside and to the machine, which features stand on. */
export const PORTS = ["db", "queue", "web", "ui", "stripe", "mail", "captcha", "vault"];

export type Zone =
  | { kind: "test" | "sandbox" | "entry" | "app" | "tasks" | "build" | "context" | "base" }
  | { kind: "feature" | "port"; name: string }
  // The two files that vendors stand on (HTTP and OAuth), and what only those two stand on.
  | { kind: "contract" | "connectorGround" | "connectorInside" | "registry" }
  | { kind: "vendor"; name: string };

const ROOT_FILES: Record<string, Zone> = {
  "src/app.tsx": { kind: "app" },
  "src/tasks.ts": { kind: "tasks" },
  "src/build.ts": { kind: "build" },
  "src/context.ts": { kind: "context" },
  "connectors/contract.ts": { kind: "contract" },
  "connectors/hand-entry.ts": { kind: "contract" },
  "connectors/registry.ts": { kind: "registry" },
  "connectors/http.ts": { kind: "connectorGround" },
  "connectors/oauth.ts": { kind: "connectorGround" },
};

/** Where a file stands in the house; undefined for a file that stands nowhere. */
export function zoneOf(file: string): Zone | undefined {
  const [top, folder = "", ...rest] = file.split("/");
  if (top === "test" || /\.(test|suite)\.tsx?$/.test(file)) return { kind: "test" };
  const root = ROOT_FILES[file];
  if (root !== undefined) return root;
  if (top === "connectors") {
    return rest.length === 0 ? { kind: "connectorInside" } : { kind: "vendor", name: folder };
  }
  if (rest.length === 0) return undefined;
  if (top !== "src") return undefined;
  if (folder === "entry" || folder === "base" || folder === "sandbox") return { kind: folder };
  if (FEATURES.includes(folder)) return { kind: "feature", name: folder };
  if (PORTS.includes(folder)) return { kind: "port", name: folder };
  return undefined;
}

/** The zone's name as a complaint says it. */
export function nameOf(zone: Zone): string {
  return "name" in zone ? `${zone.kind} ${zone.name}` : zone.kind;
}
