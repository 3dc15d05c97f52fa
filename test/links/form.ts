import { parse } from "node-html-parser";

/** The fields of the form with this action, as they stand on the page. */
export function fieldsOf(html: string, action: string): Record<string, string | string[]> {
  const form = parse(html)
    .querySelectorAll("form")
    .find((each) => each.getAttribute("action") === action && each.getAttribute("method") === "post");
  if (!form) throw new Error(`no form to ${action}`);
  const fields: Record<string, string | string[]> = {};
  for (const element of form.querySelectorAll("input, textarea, select")) {
    const name = element.getAttribute("name");
    const type = element.getAttribute("type");
    if (!name || ((type === "checkbox" || type === "radio") && !element.hasAttribute("checked"))) continue;
    const chosen = element.querySelectorAll("option").find((option) => option.hasAttribute("selected"));
    const value =
      element.tagName === "TEXTAREA"
        ? element.text.trim()
        : (chosen?.getAttribute("value") ?? element.getAttribute("value") ?? "");
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}
