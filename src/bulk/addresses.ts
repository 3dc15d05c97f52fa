import { domainToASCII } from "node:url";
import { z } from "zod";

type AddressesReading = { ok: true; addresses: string[] } | { ok: false; fault: string };

const ADDRESS_LIMIT = 5;
const ADDRESS_LENGTH_LIMIT = 254;
const LOCAL_LENGTH_LIMIT = 64;
const EXAMPLE = "like name@example.com";

const address = z.email();

/**
 * Reads the addresses of a cell, separated by semicolons or commas; `Name <address>` is understood. Names of domains in other letters
 * become their ASCII form. Gives each address once, or what is wrong with the first bad one. An empty cell has no addresses.
 */
export function parseAddresses(text: string): AddressesReading {
  const parts = text
    .split(/[;,\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const found = new Map<string, string>();
  for (const part of parts) {
    const reading = parseAddress(part);
    if (!reading.ok)
      return { ok: false, fault: parts.length > 1 ? `${part}: ${reading.fault}` : reading.fault };
    found.set(reading.address.toLowerCase(), reading.address);
  }
  if (found.size > ADDRESS_LIMIT) return { ok: false, fault: `Enter at most ${ADDRESS_LIMIT} addresses` };
  return { ok: true, addresses: [...found.values()] };
}

function parseAddress(part: string): { ok: true; address: string } | { ok: false; fault: string } {
  const bare = (/^[^<>]*<\s*([^<>]+?)\s*>$/.exec(part)?.[1] ?? part).replace(/^mailto:/i, "");
  const pieces = bare.split("@");
  const [local = "", domain = ""] = pieces;
  if (pieces.length === 1) return refuse(`The @ is missing, ${EXAMPLE}`);
  if (/\s/.test(bare)) {
    return refuse(
      pieces.length > 2 ? "Separate addresses with a semicolon" : "There is a space in the address",
    );
  }
  if (pieces.length > 2) return refuse(`There is more than one @, ${EXAMPLE}`);
  const fault = localFault(local) ?? domainFault(domain);
  if (fault !== undefined) return refuse(fault);
  const ascii = domainToASCII(domain);
  const whole = `${local}@${ascii}`;
  if (ascii === "" || whole.length > ADDRESS_LENGTH_LIMIT || !address.safeParse(whole).success) {
    return refuse(`Enter the address ${EXAMPLE}`);
  }
  return { ok: true, address: /[^\u0021-\u007e]/.test(domain) ? whole : bare };
}

function localFault(local: string): string | undefined {
  if (local === "") return `The part before the @ is missing, ${EXAMPLE}`;
  if (local.length > LOCAL_LENGTH_LIMIT) return "The part before the @ is too long";
  if (/[^\u0021-\u007e]/.test(local)) return "Mail systems take only plain letters before the @";
  if (/^\.|\.$|\.\./.test(local)) return "There is a dot in the wrong place before the @";
  if (/[()<>[\]\\:"]/.test(local)) return "There is a sign before the @ that no address has";
  return undefined;
}

function domainFault(domain: string): string | undefined {
  if (domain === "") return `The part after the @ is missing, ${EXAMPLE}`;
  if (!domain.includes(".")) return `Domain is incomplete, ${EXAMPLE}`;
  if (/^\.|\.$|\.\./.test(domain)) return "There is a dot in the wrong place after the @";
  if (/^[\d.]+$/.test(domain) || domain.startsWith("[")) return `Enter a domain, not a number, ${EXAMPLE}`;
  if (/\.con$/i.test(domain)) return "There is no domain that ends in .con: is it .com?";
  if (/[!"#$%&'()*+,/:;<=>?@[\\\]^_`{|}~]/.test(domain))
    return "There is a sign after the @ that no domain has";
  return undefined;
}

function refuse(fault: string): { ok: false; fault: string } {
  return { ok: false, fault };
}
