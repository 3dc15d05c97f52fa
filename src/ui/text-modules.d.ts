// What `asset-sources.edge.ts` imports as text; the rules for it are in `wrangler.toml`.
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
declare module "*/static/app.js" {
  const text: string;
  export default text;
}
declare module "htmx.org/dist/*.min.js" {
  const text: string;
  export default text;
}
