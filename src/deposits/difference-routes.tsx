import { Hono } from "hono";
import { notFound, Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { formatMoney } from "../base/money.ts";
import { withFirm } from "../db/tenant.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { closeDiscrepancy } from "./close.ts";
import { listShownLines } from "./detail-queries.ts";
import { listDiscrepancies } from "./discrepancy-queries.ts";
import { DifferencesView, NoteView } from "./discrepancy-view.tsx";
import { discrepancyWords } from "./discrepancy-words.ts";
import { explainLine } from "./explain.ts";
import { PAGE } from "./filter.ts";
import { getListedDeposit } from "./list-queries.ts";
import { readDifferences } from "./read-differences.ts";
import { KIND_WORDS, problemText } from "./words.ts";

const DIFFERENCES = `${PAGE}/differences`;

export const differenceRoutes = new Hono<WebEnv>();

differenceRoutes.get("/deposits/differences", allow("deposits.see"), async (c) => {
  const { firm, member } = getScope(c);
  const page = await readDifferences(c.get("cx"), firm, member.role);
  return await renderStaff(c, { title: "Differences", nav: "deposits" }, <DifferencesView {...page} />);
});

differenceRoutes.get("/deposits/differences/:id", allow("deposits.manage"), (c) => askToClose(c, {}));

differenceRoutes.post("/deposits/differences/:id", allow("deposits.manage"), async (c) => {
  const note = (await readForm(c)).text("note");
  return await acting(
    c,
    DIFFERENCES,
    async () => {
      await closeDiscrepancy(memberContext(c), { discrepancyId: c.req.param("id"), note });
      setFlash(c, { tone: "good", text: "The difference is closed. Your note is on record." });
      return DIFFERENCES;
    },
    (errors) => askToClose(c, { note, errors }),
  );
});

differenceRoutes.get("/deposits/:id/lines/:line", allow("deposits.manage"), (c) => askToExplain(c, {}));

differenceRoutes.post("/deposits/:id/lines/:line", allow("deposits.manage"), async (c) => {
  const note = (await readForm(c)).text("note");
  const page = `${PAGE}/${c.req.param("id")}`;
  return await acting(
    c,
    page,
    async () => {
      const input = { depositId: c.req.param("id"), lineId: c.req.param("line"), note };
      const deposit = await explainLine(memberContext(c), input);
      const text = deposit.ties
        ? `The line is explained, and deposit ${deposit.reference} ties.`
        : "The line is explained. Others are still open.";
      setFlash(c, { tone: deposit.ties ? "good" : "warn", text });
      return page;
    },
    (errors) => askToExplain(c, { note, errors }),
  );
});

type Typed = { note?: string | undefined; errors?: FieldErrors | undefined };

/** Does it and goes on, shows the form again with what is wrong, or says on the page behind it that something moved meanwhile. */
async function acting(
  c: Web,
  back: string,
  work: () => Promise<string>,
  again: (errors: FieldErrors) => Promise<Response>,
): Promise<Response> {
  try {
    return c.redirect(await work(), 303);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "invalid" && Object.keys(error.fields).length > 0) return await again(error.fields);
    if (error.code !== "conflict") throw error;
    setFlash(c, { tone: "bad", text: error.message });
    return c.redirect(back, 303);
  }
}

async function askToClose(c: Web, typed: Typed): Promise<Response> {
  const { firm } = getScope(c);
  const id = c.req.param("id") ?? "";
  if (!isId(id)) throw notFound("difference");
  const [row] = await withFirm(c.get("cx").database, firm.id, (tx) =>
    listDiscrepancies(tx, firm.id, { open: true, id, limit: 1 }),
  );
  if (!row) throw notFound("open difference");
  const { title, detail } = discrepancyWords(row);
  const view = (
    <NoteView
      crumbs={[
        { label: "Deposits", href: PAGE },
        { label: "Differences", href: DIFFERENCES },
        { label: "Close" },
      ]}
      title="Close this difference?"
      what={title}
      detail={detail}
      action={`${DIFFERENCES}/${id}`}
      label="How it was settled"
      hint="It stays on record. The same difference does not come back; another one about the same does."
      button="Close with this note"
      back={DIFFERENCES}
      {...typed}
    />
  );
  return await renderStaff(
    c,
    { title: "Close this difference?", nav: "deposits", errors: typed.errors },
    view,
  );
}

async function askToExplain(c: Web, typed: Typed): Promise<Response> {
  const { firm } = getScope(c);
  const [id, lineId] = [c.req.param("id") ?? "", c.req.param("line") ?? ""];
  const { deposit, line } = await withFirm(c.get("cx").database, firm.id, async (tx) => {
    const found = await getListedDeposit(tx, firm.id, id);
    const wish = { id: lineId, limit: 1, unexplained: true };
    const lines = isId(lineId) ? await listShownLines(tx, firm.id, found.id, wish) : [];
    return { deposit: found, line: lines[0] };
  });
  if (!line || line.problem === null) throw notFound("unexplained line");
  const amount = formatMoney({ minor: line.net_minor, currency: deposit.currency });
  const view = (
    <NoteView
      crumbs={[
        { label: "Deposits", href: PAGE },
        { label: deposit.reference, href: `${PAGE}/${deposit.id}` },
        { label: "Explain" },
      ]}
      title="Explain this line"
      what={`${KIND_WORDS[line.kind].one}, ${amount}`}
      detail={problemText(line.problem, line, deposit.currency)}
      action={`${PAGE}/${deposit.id}/lines/${line.id}`}
      label="What explains it"
      hint="It stays on record, and the line counts as it stands from then on."
      button="Explain with this note"
      back={`${PAGE}/${deposit.id}`}
      {...typed}
    />
  );
  return await renderStaff(c, { title: "Explain this line", nav: "deposits", errors: typed.errors }, view);
}
