import { posix } from "node:path";

export type Import = {
  /**
   * A path from the repository's root for a relative import, else the specifier's package, such as `hono` or
   * `node:fs`.
   */
  target: string;
  /** Nothing of it is there at run time. */
  typeOnly: boolean;
  /** The values it takes, as the other module names them; `*` for all of them and for a dynamic import. */
  values: string[];
  /** Of a dynamic import whose target is worked out at run time. */
  computed: boolean;
};

// Statements begin a line; a clause holds no quote and no semicolon, so none reaches into the next statement.
const STATIC = /^[ \t]*(import|export)\b([^'"`;]*?)\bfrom\s*["']([^"'\n]+)["']/gm;
const SIDE_EFFECT = /^[ \t]*import\s*["']([^"'\n]+)["']/gm;
const DYNAMIC = /(?<![\w.$])import\(\s*(?:["'`]([^"'`\n$]+)["'`]\s*[,)])?/g;

/** Every import and re-export of a module's text; `file` is its path from the repository's root. */
export function readImports(file: string, text: string): Import[] {
  const statics = [...text.matchAll(STATIC)].map(([, , clause = "", specifier = ""]) => ({
    target: resolve(file, specifier),
    ...readClause(clause),
    computed: false,
  }));
  const sideEffects = [...text.matchAll(SIDE_EFFECT)].map(([, specifier = ""]) => ({
    target: resolve(file, specifier),
    typeOnly: false,
    values: [],
    computed: false,
  }));
  const dynamics = [...text.matchAll(DYNAMIC)].map(([, specifier]) => ({
    target: specifier === undefined ? "" : resolve(file, specifier),
    typeOnly: false,
    values: ["*"],
    computed: specifier === undefined,
  }));
  return [...statics, ...sideEffects, ...dynamics];
}

/** Reads what stands between `import` and `from`; a default import may itself be called `type`. */
function readClause(clause: string): { typeOnly: boolean; values: string[] } {
  if (/^\s*type\s+(?!,|from\b)[\w$*{]/.test(clause)) return { typeOnly: true, values: [] };
  const named = (/\{([^}]*)\}/.exec(clause)?.[1] ?? "").split(",").map((part) => part.trim());
  const values = named.filter((part) => part !== "" && !part.startsWith("type ")).map(exportedName);
  const rest = clause.replace(/\{[^}]*\}/, "");
  if (rest.includes("*")) values.push("*");
  if (/[\w$]/.test(rest.replace(/\*(\s*as\s+[\w$]+)?/, ""))) values.push("default");
  return { typeOnly: values.length === 0 && /[\w$]/.test(clause), values };
}

function exportedName(part: string): string {
  return part.split(/\s+as\s+/)[0] ?? part;
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith(".")) return posix.normalize(posix.join(posix.dirname(file), specifier));
  const segments = specifier.split("/");
  return segments.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
