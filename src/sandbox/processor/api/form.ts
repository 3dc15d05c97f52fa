export type FormValue = string | FormMap;
export type FormMap = { [key: string]: FormValue };

const MAX_DEPTH = 8;

/**
 * Decodes a form with bracketed keys (`a[b][0]=c`) into nested maps; lists become maps with the keys 0, 1, 2
 * …
 */
export function decodeForm(text: string): FormMap {
  const root: FormMap = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) put(root, keysOf(name), value);
  return root;
}

function keysOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open < 1 || !name.endsWith("]")) return [name];
  const inner = name.slice(open + 1, -1).split("][");
  return [name.slice(0, open), ...inner].slice(0, MAX_DEPTH);
}

function put(root: FormMap, keys: string[], value: string): void {
  let map = root;
  for (const [index, key] of keys.entries()) {
    const name = key === "" ? String(Object.keys(map).length) : key;
    if (index === keys.length - 1) {
      map[name] = value;
      return;
    }
    const inner = map[name];
    const next: FormMap = typeof inner === "object" ? inner : Object.create(null);
    map[name] = next;
    map = next;
  }
}
