import { createHash } from "node:crypto";
import { assetSources } from "./asset-sources.ts";

/** A file for the browser. The address changes with the content, so it may be kept for ever. */
type Asset = { path: string; body: string; type: string };

/** Goes with every asset that is found: one year, the longest time that caches honour. */
export const ASSET_CACHE_CONTROL = "public, max-age=31536000, immutable";
/** Ten hexadecimal digits: enough to tell two versions of one file apart. */
const HASH_LENGTH = 10;
const PREFIX = "/static/";

const TYPES = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
} as const;

/**
 * Every static file by name. htmx and its content-security extension travel as one file: loaded apart, htmx may start
 * before the extension that guards it.
 */
const BODIES = {
  "app.css": assetSources["app.css"],
  "pay.css": assetSources["pay.css"],
  "app.js": assetSources["app.js"],
  "list.js": assetSources["list.js"],
  "mark.svg": assetSources["mark.svg"],
  "htmx.js": `${withoutMapNote(assetSources["htmx.min.js"])}\n${withoutMapNote(assetSources["hx-csp.min.js"])}`,
} as const;

type AssetName = keyof typeof BODIES;

const byName = new Map<AssetName, Asset>();
const byPath = new Map<string, Asset>();
for (const name of Object.keys(BODIES) as AssetName[]) {
  const made = makeAsset(name, BODIES[name]);
  byName.set(name, made);
  byPath.set(made.path, made);
}

/** The address of a static file, with the hash of its content: `app.css` gives `/static/app.1f2e3d4c5b.css`. */
export function asset(name: AssetName): string {
  const found = byName.get(name);
  if (!found) throw new Error(`no static file ${name}`);
  return found.path;
}

/** The file behind a request path, or undefined: an older hash is not found rather than answered with newer content. */
export function findAsset(path: string): Asset | undefined {
  return byPath.get(path);
}

/** Every static file, for tests and for a build that writes them to disk. */
export function listAssets(): Asset[] {
  return [...byPath.values()];
}

/** Puts the hash of the body between the name and its ending. Throws for an ending without a media type. */
function makeAsset(name: string, body: string): Asset {
  const dot = name.lastIndexOf(".");
  const ending = name.slice(dot + 1);
  if (!(ending in TYPES)) throw new Error(`no media type for ${name}`);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, HASH_LENGTH);
  return {
    path: `${PREFIX}${name.slice(0, dot)}.${hash}.${ending}`,
    body,
    type: TYPES[ending as keyof typeof TYPES],
  };
}

/** A packaged script without the note that points a browser to a source map we do not serve. */
function withoutMapNote(script: string): string {
  return script.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "");
}
