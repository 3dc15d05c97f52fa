/** An entry that a person makes in a system that cannot be written to, or imports there with a file. */
export type HandEntry = {
  kind: "payment" | "trust_deposit" | "reversal";
  /** Ours, unique for ever. */
  reference: string;
  /** Its date, `YYYY-MM-DD`. */
  on: string;
  method: string;
  memo: string;
  payerName: string;
  amountMinor: bigint;
  currency: string;
  clientName: string;
  matterNumber: string;
  statementNumber: string;
  /** The number of the entry that a reversal undoes, where it is known. */
  undoes: string | undefined;
};

/** A file as the vendor imports it. */
export type ImportFile = { name: string; mediaType: string; content: Uint8Array };

/** What a connector offers to who makes entries by hand. */
export type HandEntryHelp = {
  /** Deep link to where an entry on a statement is made; without it the matter's page is where one begins. */
  statementUrl?(registration: { origin: string }, statementExternalId: string): string;
  /** Where on the vendor's screens an entry is made, in words: the menu and the button. */
  handEntryPlace?(kind: HandEntry["kind"]): string;
  /** Where the file is imported on the vendor's screens, in words. */
  importPlace?: string;
  /** With the capability `file`: makes the file that the vendor imports. Pure: nothing is sent. */
  makeImportFile?(entries: readonly HandEntry[], on: string): ImportFile;
};
