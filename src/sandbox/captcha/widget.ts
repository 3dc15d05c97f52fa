import { VENDORS, type Vendor } from "./vendors.ts";

/**
 * The script that a page loads where it would load the vendor's: for each element of the vendor's class it
 * puts the field with a token into the form, and a sentence where the vendor would show its box. One script
 * serves one form, since it carries the one token `id`; a page that is loaded again loads a script with a new
 * one.
 */
export function widgetScript(vendor: Vendor, id: string): string {
  const { field, className } = VENDORS[vendor];
  return `(() => {
  const id = ${JSON.stringify(id)};
  const fill = (place) => {
    const form = place.closest("form");
    if (form === null) return;
    const { sitekey, action, cdata } = place.dataset;
    const facts = { siteKey: sitekey, hostname: location.hostname, action, cdata };
    const bytes = new TextEncoder().encode(JSON.stringify(facts));
    const base64 = btoa(String.fromCharCode(...bytes));
    const encoded = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const input = form.elements.namedItem(${JSON.stringify(field)}) ?? document.createElement("input");
    input.type = "hidden";
    input.name = ${JSON.stringify(field)};
    input.value = id + "." + encoded;
    if (!input.isConnected) form.append(input);
    if (place.tagName === "DIV") place.textContent = "Sandbox captcha: passed";
  };
  const start = () => document.querySelectorAll(${JSON.stringify(`.${className}`)}).forEach(fill);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
`;
}
