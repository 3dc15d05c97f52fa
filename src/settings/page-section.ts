import { z } from "zod";
import { invalid } from "../base/error.ts";
import { contrast, isColour, LEAST_CONTRAST, readableUnderWhite } from "../ui/brand.ts";
import type { Section } from "./section.ts";

const ADDRESS_LIMIT = 500;
const PHONE_LIMIT = 50;
const DISCLAIMER_LIMIT = 2_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** What the payer's page shows of the firm. */
export const pageSection: Section = {
  key: "payment_page",
  labels: {
    colour: "Brand color",
    address: "Address",
    phone: "Phone",
    contact: "Contact email",
    replyTo: "Replies go to",
    disclaimer: "Disclaimer",
  },
  show: (stored) => ({
    colour: stored.brand_color,
    address: stored.address,
    phone: stored.phone,
    contact: stored.contact_email,
    replyTo: stored.reply_to,
    disclaimer: stored.disclaimer,
  }),
  read: (typed) => {
    const { address = "", phone = "", contact = "", replyTo = "" } = typed;
    const disclaimer = (typed.disclaimer ?? "").replaceAll("\r\n", "\n");
    const colour = readColour(typed.colour ?? "");
    const faults: Record<string, string | undefined> = {
      colour: colour === undefined ? "Enter a color like #1f4a40" : colourFault(colour),
      address: textFault(address, ADDRESS_LIMIT, "address"),
      phone: phoneFault(phone),
      contact: emailFault(contact),
      replyTo: emailFault(replyTo),
      disclaimer: textFault(disclaimer, DISCLAIMER_LIMIT, "disclaimer"),
    };
    const found = Object.entries(faults).filter((entry): entry is [string, string] => entry[1] !== undefined);
    if (colour === undefined || found.length > 0) throw invalid(Object.fromEntries(found));
    return { brand_color: colour, address, phone, contact_email: contact, reply_to: replyTo, disclaimer };
  },
};

/** A colour as it is stored, `#rrggbb` in small letters, of `#RRGGBB`, `RRGGBB` or `#rgb`. */
export function readColour(typed: string): string | undefined {
  const bare = typed.trim().replace(/^#/, "").toLowerCase();
  const full = /^[0-9a-f]{3}$/.test(bare) ? bare.replace(/./g, "$&$&") : bare;
  return isColour(`#${full}`) ? `#${full}` : undefined;
}

/** `9.9`, rounded down, so that 4.49 never reads as 4.5. */
export function contrastText(colour: string): string {
  return (Math.floor(contrast(colour, "#ffffff") * 10) / 10).toFixed(1);
}

function colourFault(colour: string): string | undefined {
  if (contrast(colour, "#ffffff") >= LEAST_CONTRAST) return undefined;
  return `White text on ${colour} has a contrast of ${contrastText(colour)} to 1, and 4.5 is needed. The nearest darker color that can be read is ${readableUnderWhite(colour)}`;
}

function textFault(text: string, limit: number, what: string): string | undefined {
  if (text.length > limit)
    return `The ${what} has ${text.length.toLocaleString("en-US")} characters. Shorten it to ${limit.toLocaleString("en-US")}`;
  return CONTROL.test(text) ? `The ${what} holds characters that cannot be shown. Type it anew` : undefined;
}

function phoneFault(text: string): string | undefined {
  if (text === "") return undefined;
  const isPhone =
    text.length <= PHONE_LIMIT && /^[+\d][\d\s().\-/]*( ?(x|ext\.?) ?\d+)?$|^\([\d\s().\-/]+$/i.test(text);
  return isPhone && /\d{3}/.test(text) ? undefined : "Enter a phone number like (312) 555-0142";
}

function emailFault(text: string): string | undefined {
  return text === "" || z.email().safeParse(text).success
    ? undefined
    : "Enter an email address like billing@firm.com, or leave it empty";
}
