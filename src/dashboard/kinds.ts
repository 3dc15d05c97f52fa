/** The kinds of work that a person is needed for, the most urgent first. */
export const WORK_KINDS = [
  "connection",
  "captcha",
  "undone",
  "differences",
  "posting",
  "declined",
  "fresh",
  "bounced",
  "expiring",
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** What each kind is called over the list. */
export const KIND_WORDS: Record<WorkKind, string> = {
  connection: "Connections",
  captcha: "Captcha",
  undone: "Disputes and refunds",
  differences: "Differences",
  posting: "Postings",
  declined: "Declined",
  fresh: "Fresh links",
  bounced: "Bounced",
  expiring: "Expiring",
};

/** The kind that an address asks for; undefined is all of them. */
export function readKind(text: string | undefined): WorkKind | undefined {
  return WORK_KINDS.find((kind) => kind === text);
}

/** The address of the work of one kind, or of all. */
export function workHref(kind: WorkKind | undefined): string {
  return kind === undefined ? "/" : `/?kind=${kind}`;
}
