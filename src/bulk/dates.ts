import { type Day, formatShortDay } from "../base/day.ts";

/** Which of two small numbers in a date is the month. */
export type DateOrder = "month_first" | "day_first";

/**
 * `ambiguous`: the order decided. `other`: it could only be read against the order, which speaks for the other one. `plain`: nobody
 * could read it otherwise.
 */
type DayReading =
  | { ok: true; day: Day; reading: "plain" | "ambiguous" | "other" }
  | { ok: false; fault: string };

const YEARS_BACK = 15;
const YEARS_AHEAD = 10;
const CENTURY = 2000;
/** Excel counts days from the end of 1899; these are the years 2000 to 2099. */
const SERIAL_LIMITS = { least: 36_526, most: 73_050 };
const SERIAL_EPOCH_MS = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

const ENTER_DATE = "Enter a date, like Nov 13, 2026";

/** English and French beginnings of months, without accents; the longest is tried first. */
const MONTHS: readonly (readonly string[])[] = [
  ["jan"],
  ["feb", "fev"],
  ["mar"],
  ["apr", "avr"],
  ["may", "mai"],
  ["jun", "juin"],
  ["jul", "juil"],
  ["aug", "aou"],
  ["sep"],
  ["oct"],
  ["nov"],
  ["dec"],
];
const MONTH_WORD =
  /^(jan(uary|vier|v)?|feb(ruary)?|fev(rier|r)?|mar(ch|s)?|apr(il)?|avr(il)?|may|mai|june?|juin|july?|juil(let|l)?|aug(ust)?|aout?|sept?(ember|embre)?|oct(ober|obre)?|nov(ember|embre)?|dec(ember|embre)?)$/;
const WEEKDAY = /^(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|lun|mer|jeu|ven|sam|dim)[a-z]*\.?,?\s+(?=\S)/;
const TIME = /[t\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]\.?m\.?)?\s*(z|[+-]\d{2}:?\d{2})?$/;

/** The order in which people of a locale write the month and the day, such as `en-GB`. An unknown locale gets the American order. */
export function dateOrderOf(locale: string): DateOrder {
  const parts = formatterOf(locale).formatToParts(new Date(Date.UTC(2026, 10, 25)));
  const at = (type: string) => parts.findIndex((part) => part.type === type);
  return at("day") < at("month") ? "day_first" : "month_first";
}

function formatterOf(locale: string): Intl.DateTimeFormat {
  const known = Intl.DateTimeFormat.supportedLocalesOf([locale]).length > 0 ? locale : "en-US";
  return new Intl.DateTimeFormat(known, {
    month: "numeric",
    day: "numeric",
    year: "numeric",
    timeZone: "UTC",
  });
}

/**
 * Reads a date as people in the United States, Canada and the United Kingdom write it. `order` decides where two readings are
 * possible; `today` bounds the years. Gives the day, or a sentence that says what is wrong. An empty cell is the caller's matter.
 */
export function parseDay(text: string, order: DateOrder, today: Day): DayReading {
  const typed = text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()
    .replace(TIME, "")
    .replace(WEEKDAY, "");
  return readNumbers(typed, order, today) ?? readWords(typed, today) ?? refuse(whyNot(typed));
}

function readNumbers(typed: string, order: DateOrder, today: Day): DayReading | undefined {
  const iso =
    /^(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})$/.exec(typed) ?? /^(20\d{2})()(\d{2})(\d{2})$/.exec(typed);
  if (iso) return check({ year: iso[1], month: iso[3], day: iso[4] }, "plain", today);
  const short = /^(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?'?(\d{4}|\d{2})$/.exec(typed);
  if (!short) return undefined;
  const [, one = "", , two = "", year] = short;
  const monthFirst = { year, month: one, day: two };
  const dayFirst = { year, month: two, day: one };
  const [usual, other] = order === "month_first" ? [monthFirst, dayFirst] : [dayFirst, monthFirst];
  if (Number(usual.month) > 12 && Number(other.month) <= 12) return check(other, "other", today);
  const isAmbiguous = Number(other.month) <= 12 && one !== two && Number(one) !== Number(two);
  return check(usual, isAmbiguous ? "ambiguous" : "plain", today);
}

function readWords(typed: string, today: Day): DayReading | undefined {
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th|er)?[-\s./,]*(?:of |de )?([a-z]+)[-\s./,]*'?(\d{4}|\d{2})$/.exec(
    typed,
  );
  const monthFirst = /^([a-z]+)[-\s./]*(\d{1,2})(?:st|nd|rd|th)?(?:,|[-\s./])\s*'?(\d{4}|\d{2})$/.exec(typed);
  const yearFirst = /^(\d{4})[-\s./,]*([a-z]+)[-\s./]*(\d{1,2})$/.exec(typed);
  const found =
    (dayFirst && { day: dayFirst[1], word: dayFirst[2], year: dayFirst[3] }) ??
    (monthFirst && { day: monthFirst[2], word: monthFirst[1], year: monthFirst[3] }) ??
    (yearFirst && { day: yearFirst[3], word: yearFirst[2], year: yearFirst[1] });
  const month = monthNumber(found?.word ?? "");
  if (!found || month === undefined) return undefined;
  return check({ year: found.year, month: String(month), day: found.day }, "plain", today);
}

function monthNumber(word: string): number | undefined {
  if (!MONTH_WORD.test(word)) return undefined;
  return MONTHS.findIndex((beginnings) => beginnings.some((beginning) => word.startsWith(beginning))) + 1;
}

type Parts = { year: string | undefined; month: string | undefined; day: string | undefined };

function check(parts: Parts, reading: "plain" | "ambiguous" | "other", today: Day): DayReading {
  const [typedYear, month, day] = [parts.year, parts.month, parts.day].map(Number);
  if (typedYear === undefined || month === undefined || day === undefined) return refuse(ENTER_DATE);
  const year = typedYear < 100 ? CENTURY + typedYear : typedYear;
  if (month < 1 || month > 12) return refuse(`There is no month ${month}. ${ENTER_DATE}`);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (day < 1 || date.getUTCMonth() !== month - 1) {
    return refuse(`${monthName(month)} ${year} has no day ${day}`);
  }
  const thisYear = Number(today.slice(0, 4));
  if (year < thisYear - YEARS_BACK || year > thisYear + YEARS_AHEAD) return refuse(`Check the year: ${year}`);
  return { ok: true, day: date.toISOString().slice(0, 10), reading };
}

/** Why a text that is no date is none, where that can be told. */
function whyNot(typed: string): string {
  if (/^\d{5}(\.\d+)?$/.test(typed)) {
    const serial = Math.floor(Number(typed));
    if (serial >= SERIAL_LIMITS.least && serial <= SERIAL_LIMITS.most) {
      const day = new Date(SERIAL_EPOCH_MS + serial * DAY_MS).toISOString().slice(0, 10);
      return `Excel's inner number for ${formatShortDay(day)}. Enter it as a date`;
    }
  }
  if (/^\d{1,2}[-/. ]\d{1,2}$|^\d{1,2}[-\s./]*[a-z]{3,}$|^[a-z]{3,}[-\s./]*\d{1,2}$/.test(typed))
    return "Enter the year as well, like Nov 13, 2026";
  return ENTER_DATE;
}

function monthName(month: number): string {
  return new Intl.DateTimeFormat("en-US", { month: "long", timeZone: "UTC" }).format(
    Date.UTC(2026, month - 1, 1),
  );
}

function refuse(fault: string): DayReading {
  return { ok: false, fault };
}
