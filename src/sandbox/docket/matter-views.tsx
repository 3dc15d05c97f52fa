import type { LedgerLine, MatterLine, MatterScreen } from "./matters.ts";
import { showCents } from "./money.ts";
import type { StatementRow } from "./rows.ts";

type MatterListProps = { lines: MatterLine[]; words: string; page: number; more: boolean };

/** The list of matters with its search and paging. */
export function MatterList({ lines, words, page, more }: MatterListProps) {
  const pageUrl = (number: number) => `/matters?${new URLSearchParams({ q: words, page: String(number) })}`;
  return (
    <>
      <h1>Matters</h1>
      <form method="get" action="/matters" class="search">
        <label for="q">Client, matter or number</label>
        <input id="q" type="search" name="q" value={words} />
        <button type="submit">Search</button>
      </form>
      {lines.length === 0 ? <p>No matter has these words.</p> : <MatterTable lines={lines} />}
      <nav class="paging" aria-label="Pages">
        {page > 1 ? <a href={pageUrl(page - 1)}>Previous page</a> : null}
        <span>{`Page ${page}`}</span>
        {more ? <a href={pageUrl(page + 1)}>Next page</a> : null}
      </nav>
    </>
  );
}

function MatterTable({ lines }: { lines: MatterLine[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Matter</th>
          <th scope="col">Client</th>
          <th scope="col">Responsible</th>
          <th scope="col">Status</th>
          <th scope="col" class="amount">
            Open
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr>
            <th scope="row">
              <a href={`/matters/${line.id}`}>{`${line.number} ${line.description}`}</a>
            </th>
            <td data-label="Client">{line.client}</td>
            <td data-label="Responsible">{line.responsible}</td>
            <td data-label="Status">{line.status}</td>
            <td data-label="Open" class="amount">
              {showCents(line.open_cents)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A matter with its statements, trust balance, payers and ledger; the panel stands beside it. */
export function MatterPage({ matter, statements, ledger }: MatterScreen) {
  const payers = JSON.parse(matter.payers) as { name: string; email: string | null; assigned: number }[];
  return (
    <div class="beside">
      <div>
        <div class="head">
          <h1>{`${matter.number} ${matter.description}`}</h1>
          <form method="post" action={`/matters/${matter.id}/launch`} target="sfp-panel">
            <button type="submit" class="main">
              Send for Payment
            </button>
          </form>
        </div>
        <dl class="facts">
          <Fact name="Client" value={matter.client} />
          <Fact name="Responsible" value={`${matter.responsible}, ${matter.office}`} />
          <Fact name="Status" value={matter.status} />
          <Fact name="Trust balance" value={showCents(matter.trust_balance_cents)} />
        </dl>
        <h2>Payers</h2>
        {payers.length === 0 ? <p>Nobody is named as payer.</p> : null}
        <ul>
          {payers.map((payer) => (
            <li>{`${payer.name}, ${payer.email ?? "no e-mail address"}${payer.assigned === 1 ? " (assigned)" : ""}`}</li>
          ))}
        </ul>
        <h2>Statements</h2>
        {statements.length === 0 ? <p>No statements yet.</p> : <StatementTable statements={statements} />}
        <h2>Ledger</h2>
        {ledger.length === 0 ? <p>No entries yet.</p> : <LedgerTable ledger={ledger} />}
      </div>
      <aside class="panel" aria-label="Send for Payment panel">
        <iframe
          name="sfp-panel"
          title="Send for Payment"
          src="/panel"
          sandbox="allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads"
          allow="clipboard-write"
        />
      </aside>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const KIND_WORDS = {
  invoice: "Invoice",
  trust_request: "Trust request",
  payment: "Payment",
  trust_deposit: "Trust deposit",
  reversal: "Reversal",
} as const;

function StatementTable({ statements }: { statements: StatementRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">Kind</th>
          <th scope="col">Status</th>
          <th scope="col">Issued</th>
          <th scope="col">Due</th>
          <th scope="col" class="amount">
            Total
          </th>
          <th scope="col" class="amount">
            Balance
          </th>
        </tr>
      </thead>
      <tbody>
        {statements.map((statement) => (
          <tr>
            <th scope="row">{statement.number}</th>
            <td data-label="Kind">{KIND_WORDS[statement.kind]}</td>
            <td data-label="Status">{statement.status}</td>
            <td data-label="Issued">{statement.issued_on}</td>
            <td data-label="Due">{statement.due_on ?? "on receipt"}</td>
            <td data-label="Total" class="amount">
              {showCents(statement.total_cents)}
            </td>
            <td data-label="Balance" class="amount">
              {showCents(statement.balance_cents)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LedgerTable({ ledger }: { ledger: LedgerLine[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Reference</th>
          <th scope="col">Kind</th>
          <th scope="col">Statement</th>
          <th scope="col">Written (UTC)</th>
          <th scope="col" class="amount">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {ledger.map((line) => (
          <tr>
            <th scope="row">{line.reference}</th>
            <td data-label="Kind">{KIND_WORDS[line.kind]}</td>
            <td data-label="Statement">{line.statement_number ?? "none"}</td>
            <td data-label="Written (UTC)">
              {new Date(line.at).toISOString().slice(0, 16).replace("T", " ")}
            </td>
            <td data-label="Amount" class="amount">
              {showCents(line.kind === "reversal" ? -line.amount_cents : line.amount_cents)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
