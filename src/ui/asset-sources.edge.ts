import htmxGuard from "htmx.org/dist/ext/hx-csp.min.js";
import htmx from "htmx.org/dist/htmx.min.js";
import type { AssetSources } from "./asset-sources.ts";
import appStyle from "./static/app.css";
import appScript from "./static/app.js";
import mark from "./static/mark.svg";
import payStyle from "./static/pay.css";

/** The same as `asset-sources.ts` for a runtime without a disk: `wrangler.toml` has these files imported as text. */
export const assetSources: AssetSources = {
  "app.css": appStyle,
  "pay.css": payStyle,
  "app.js": appScript,
  "mark.svg": mark,
  "htmx.min.js": htmx,
  "hx-csp.min.js": htmxGuard,
};
