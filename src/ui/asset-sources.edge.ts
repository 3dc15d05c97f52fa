import htmxGuard from "htmx.org/dist/ext/hx-csp.min.js" with { type: "text" };
import htmx from "htmx.org/dist/htmx.min.js" with { type: "text" };
import type { AssetSources } from "./asset-sources.ts";
import appStyle from "./static/app.css" with { type: "text" };
import appScript from "./static/app.js" with { type: "text" };
import listScript from "./static/list.js" with { type: "text" };
import mark from "./static/mark.svg" with { type: "text" };
import payStyle from "./static/pay.css" with { type: "text" };

/** The same as `asset-sources.ts` for a runtime without a disk, where `wrangler.toml` puts it in that one's stead. */
export const assetSources: AssetSources = {
  "app.css": appStyle,
  "pay.css": payStyle,
  "app.js": appScript,
  "list.js": listScript,
  "mark.svg": mark,
  "htmx.min.js": htmx,
  "hx-csp.min.js": htmxGuard,
};
