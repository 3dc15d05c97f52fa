// What `asset-sources.edge.ts` imports with `type: "text"`; only the Worker's bundler does so.
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
declare module "*/static/list.js" {
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
