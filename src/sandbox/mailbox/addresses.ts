export type Address = { name: string | undefined; email: string };

// Postmark's own rules: https://postmarkapp.com/support/article/1180-what-does-errorcode-300-mean
const MAILBOX = /^[a-z0-9.!#$%&'`*+\-/=^_{}|~]+$/i;
const DOMAIN = /^(\.?[a-zA-Z0-9-])+$/;
const MAXIMUM_MAILBOX_LENGTH = 64;

/**
 * Reads a comma-separated list as Postmark takes it: `a@x.test`, `Ann Lee <a@x.test>`, `"Lee, Ann"
 * <a@x.test>`. Gives the addresses, or Postmark's sentence about the first that cannot be read.
 */
export function parseAddresses(text: string): Address[] | string {
  const addresses: Address[] = [];
  for (const part of splitOutsideQuotes(text)) {
    if (part.trim() === "") continue;
    const address = parseAddress(part.trim());
    if (typeof address === "string") return address;
    addresses.push(address);
  }
  return addresses;
}

/** The address as a webhook and a list show it, `Name <email>` where there is a name. */
export function formatAddress({ name, email }: Address): string {
  return name === undefined ? email : `"${name.replaceAll('"', "'")}" <${email}>`;
}

/** The part before the @, in lower case. */
export function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf("@")).toLowerCase();
}

function parseAddress(text: string): Address | string {
  const named = /^(?:"(?<quoted>[^"]*)"|(?<plain>[^"<>,]*))\s*<(?<email>[^<>\s]+)>$/.exec(text);
  const email = named?.groups?.email ?? text;
  const name = (named?.groups?.quoted ?? named?.groups?.plain ?? "").trim();
  const at = email.lastIndexOf("@");
  if (at < 0) return `Illegal email address '${text}'. It must contain the '@' symbol.`;
  const [mailbox, domain] = [email.slice(0, at), email.slice(at + 1)];
  if (!MAILBOX.test(mailbox) || mailbox.length > MAXIMUM_MAILBOX_LENGTH || hasLooseDots(mailbox)) {
    return `Illegal email mailbox '${mailbox}' in address '${text}'.`;
  }
  if (!DOMAIN.test(domain)) return `Illegal email domain '${domain}' in address '${text}'.`;
  return { name: name === "" ? undefined : name, email };
}

function hasLooseDots(mailbox: string): boolean {
  return mailbox.startsWith(".") || mailbox.endsWith(".") || mailbox.includes("..");
}

function splitOutsideQuotes(text: string): string[] {
  const parts = [""];
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === "," && !quoted) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
