import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * The text of every file that browsers get, as it lies on the disk. The web part reads no other file:
 * `wrangler.toml` puts `asset-sources.edge.ts` in its stead, where the same files are part of the bundle.
 */
export const assetSources = {
  "app.css": readStatic("app.css"),
  "pay.css": readStatic("pay.css"),
  "app.js": readStatic("app.js"),
  "list.js": readStatic("list.js"),
  "mark.svg": readStatic("mark.svg"),
  "htmx.min.js": readPackage("htmx.org/dist/htmx.min.js"),
  "hx-csp.min.js": readPackage("htmx.org/dist/ext/hx-csp.min.js"),
};

export type AssetSources = typeof assetSources;

function readStatic(name: string): string {
  return readFileSync(new URL(`./static/${name}`, import.meta.url), "utf8");
}

function readPackage(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), "utf8");
}
