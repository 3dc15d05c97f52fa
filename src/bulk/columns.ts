/** The columns of a sheet of requests, in the order of the template. */
export const COLUMNS = [
  "invoice",
  "invoiceDate",
  "dueDate",
  "name",
  "email",
  "amount",
  "message",
  "account",
  "matter",
  "language",
] as const;
export type Column = (typeof COLUMNS)[number];

/** Where each column stands in the file, counted from 0. A column that is not in the file is missing. */
export type ColumnPlaces = Partial<Record<Column, number>>;

/** The text of each column of one row, as it was typed. */
export type TypedRow = Partial<Record<Column, string>>;

type ColumnFacts = {
  /** The heading in the template and in downloads. */
  title: string;
  /** The short heading of the review grid. */
  short: string;
  /** What may stand in it, for the page that explains the file. */
  example: string;
  /** Other headings that are understood, in small letters without accents, spaces and signs. */
  aliases: readonly string[];
};

export const COLUMN_FACTS = {
  invoice: {
    title: "Invoice number",
    short: "Invoice",
    example: "20468",
    aliases: words(
      "invoice invoiceno invoicenr invoicenum invoiceid inv invno invnum invnumber bill billno billnumber statement statementno",
      "statementnumber documentnumber docno docnumber facture numerodefacture nofacture numfacture factura numerodefactura",
    ),
  },
  invoiceDate: {
    title: "Invoice date",
    short: "Invoice date",
    example: "11/13/2026",
    aliases: words(
      "date invdate billdate billeddate dateofinvoice issued issuedate issuedon dateissued statementdate",
      "datedefacture datefacture fechadefactura",
    ),
  },
  dueDate: {
    title: "Due date",
    short: "Due date",
    example: "12/13/2026",
    aliases: words(
      "due duedate dueon duedt datedue payby paymentdue paymentduedate invoiceduedate echeance datedecheance vencimiento",
      "fechadevencimiento",
    ),
  },
  name: {
    title: "Recipient name",
    short: "Recipient",
    example: "Harlan & Pryce Construction",
    aliases: words(
      "name recipient payer payername billto billtoname client clientname customer customername contact contactname fullname",
      "debtor debtorname company companyname nom nomduclient destinataire nombre cliente nombredelcliente",
    ),
  },
  email: {
    title: "Recipient email",
    short: "Email",
    example: "ap@harlanpryce.example; office@harlanpryce.example",
    aliases: words(
      "email emails emailaddress emailaddresses mail eaddress payeremail clientemail customeremail contactemail billingemail",
      "billtoemail invoiceemail courriel adressecourriel adresseemail correo correoelectronico",
    ),
  },
  amount: {
    title: "Amount",
    short: "Amount",
    example: "1,250.00",
    aliases: words(
      "amountdue amountrequested amountusd amountcad amountgbp amt balance balancedue openbalance outstanding outstandingbalance",
      "total totaldue invoiceamount invoicetotal sum value payment montant montantdu solde importe monto saldo",
    ),
  },
  message: {
    title: "Message",
    short: "Message",
    example: "Thank you for your business.",
    aliases: words("messagetext note notes comment comments memo description body emailmessage mensaje"),
  },
  account: {
    title: "Merchant account",
    short: "Account",
    example: "Operating",
    aliases: words("account depositto depositaccount accountname bankaccount receivingaccount merchant"),
  },
  matter: {
    title: "Matter number",
    short: "Matter",
    example: "2026-0119",
    aliases: words(
      "matter matterno matterid file fileno filenumber case caseno casenumber dossier nodossier",
    ),
  },
  language: {
    title: "Language",
    short: "Language",
    example: "English",
    aliases: words("lang languagecode locale langue idioma"),
  },
} as const satisfies Record<Column, ColumnFacts>;

const BY_HEADING = new Map<string, Column>(
  COLUMNS.flatMap((column) =>
    [simplify(COLUMN_FACTS[column].title), ...COLUMN_FACTS[column].aliases].map(
      (heading) => [heading, column] as const,
    ),
  ),
);

/** Finds the columns by their headings. The first of two that mean the same is taken. */
export function recognizeColumns(headings: readonly string[]): ColumnPlaces {
  const places: ColumnPlaces = {};
  headings.forEach((heading, index) => {
    const column = BY_HEADING.get(simplify(heading));
    if (column !== undefined && places[column] === undefined) places[column] = index;
  });
  return places;
}

/**
 * Whether a person must say which column is which: without a name and an amount nothing can be asked for, and a file that has headings
 * we do not know may well hold the addresses or the numbers under one of them.
 */
export function needsHand(headings: readonly string[], places: ColumnPlaces): boolean {
  if (places.name === undefined || places.amount === undefined) return true;
  const known = new Set(Object.values(places));
  const hasUnknown = headings.some((heading, index) => heading.trim() !== "" && !known.has(index));
  return hasUnknown && (places.email === undefined || places.invoice === undefined);
}

/** The typed text of every column of a record. */
export function typedRow(record: readonly string[], places: ColumnPlaces): TypedRow {
  const typed: TypedRow = {};
  for (const column of COLUMNS) {
    const index = places[column];
    if (index !== undefined) typed[column] = record[index] ?? "";
  }
  return typed;
}

/** The letter of a column as a spreadsheet shows it: 0 is A, 26 is AA. */
export function columnLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${columnLetter(Math.floor(index / 26) - 1)}${letter}`;
}

export function isColumn(text: string): text is Column {
  return (COLUMNS as readonly string[]).includes(text);
}

/** Small letters and digits alone: `Invoice No.`, `invoice_no` and `INVOICE NO` are one heading. */
function simplify(heading: string): string {
  return heading
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
}

function words(...lines: string[]): string[] {
  return lines.join(" ").split(" ");
}
