import { Hono } from "hono";
import { invalid, Problem } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { listAccounts } from "../settings/queries.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { demandCalm, type Limit } from "../web/limit.ts";
import { renderStaff } from "../web/respond.tsx";
import { getBatch, listBatches } from "./batch-queries.ts";
import { chooseColumns } from "./choose-columns.ts";
import { COLUMNS, type Column, type ColumnPlaces } from "./columns.ts";
import { ColumnsView } from "./columns-view.tsx";
import { discardBatch } from "./discard.ts";
import { listSamples } from "./review-queries.ts";
import { FILE_SIZE_LIMIT_BYTES, type UploadInput, uploadBatch } from "./upload.ts";
import { UploadView } from "./upload-view.tsx";

const RECENT_LIMIT = 20;
const SAMPLE_ROWS = 3;
/** A file of ten thousand rows keeps a process busy for a second. */
const UPLOADS: Limit = { name: "bulk upload", limit: 60, windowSeconds: 600 };

export const uploadRoutes = new Hono<WebEnv>();

uploadRoutes.get("/bulk", allow("links.send"), (c) => showUpload(c, { formId: newId(), accountId: "" }));

uploadRoutes.post("/bulk", allow("links.send"), async (c) => {
  const cx = memberContext(c);
  demandCalm(c, UPLOADS, cx.firmId);
  const form = await readUploadForm(c);
  try {
    const { batchId } = await uploadBatch(cx, await withBytes(form));
    return c.redirect(`/bulk/${batchId}`, 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    return await showUpload(c, form, error.fields);
  }
});

uploadRoutes.get("/bulk/:id/columns", allow("links.send"), (c) => showColumns(c, c.req.param("id")));

uploadRoutes.post("/bulk/:id/columns", allow("links.send"), async (c) => {
  const id = c.req.param("id");
  const form = await readForm(c);
  const typed = Object.fromEntries(COLUMNS.map((column) => [column, form.text(column)]));
  const places: ColumnPlaces = {};
  for (const column of COLUMNS) {
    const place = typed[column] ?? "";
    if (place !== "") places[column] = Number(place);
  }
  const batch = await withFirm(c.get("cx").database, getScope(c).firm.id, (tx) =>
    getBatch(tx, getScope(c).firm.id, id),
  );
  const hasHeader = batch.has_header && form.has("hasHeader");
  try {
    await chooseColumns(memberContext(c), id, { places, hasHeader });
    return c.redirect(`/bulk/${id}`, 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    return await showColumns(c, id, { typed, hasHeader, errors: error.fields });
  }
});

uploadRoutes.post("/bulk/:id/discard", allow("links.send"), async (c) => {
  await discardBatch(memberContext(c), c.req.param("id"));
  setFlash(c, { tone: "good", text: "The upload is deleted. Nothing of it was sent." });
  return c.redirect("/bulk", 303);
});

type UploadForm = Omit<UploadInput, "bytes"> & { file: File | undefined };

async function readUploadForm(c: Web): Promise<UploadForm> {
  const form = await readFormData(c);
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const file = form.get("file");
  const formId = text("formId");
  return {
    formId: isId(formId) ? formId : newId(),
    accountId: text("accountId"),
    fileName: file instanceof File ? file.name : "",
    file: file instanceof File && file.name !== "" ? file : undefined,
  };
}

async function readFormData(c: Web): Promise<FormData> {
  try {
    return await c.req.formData();
  } catch (error) {
    // The body's own reader throws a TypeError for another type and for a broken form; the size limit throws a Problem.
    if (!(error instanceof TypeError)) throw error;
    throw new Problem("invalid", "This is not a form that the page can read. Reload the page and try again.");
  }
}

/** The size is looked at before the bytes are. */
async function withBytes({ file, ...form }: UploadForm): Promise<UploadInput> {
  if (!file) throw invalid({ file: "Choose a file" });
  if (file.size > FILE_SIZE_LIMIT_BYTES)
    throw invalid({ file: "The file is larger than 10 MB. Split it and upload the parts one by one" });
  return { ...form, bytes: new Uint8Array(await file.arrayBuffer()) };
}

async function showUpload(
  c: Web,
  form: { formId: string; accountId: string },
  errors?: FieldErrors,
): Promise<Response> {
  const { firm } = getScope(c);
  const { accounts, recent } = await withFirm(c.get("cx").database, firm.id, async (tx) => ({
    accounts: await listAccounts(tx, firm.id),
    recent: await listBatches(tx, firm.id, RECENT_LIMIT),
  }));
  const usual = accounts.find((account) => account.is_default && account.kind === "operating") ?? accounts[0];
  const accountId = form.accountId === "" ? (usual?.id ?? "") : form.accountId;
  return await renderStaff(
    c,
    { title: "Bulk Upload", nav: "bulk", errors },
    // A form that was refused made no upload: its id serves the next try.
    <UploadView
      formId={form.formId}
      accounts={accounts}
      accountId={accountId}
      recent={recent}
      timeZone={firm.timeZone}
      errors={errors}
    />,
  );
}

async function showColumns(
  c: Web,
  id: string,
  tried?: { typed: Partial<Record<Column, string>>; hasHeader: boolean; errors: FieldErrors },
): Promise<Response> {
  const { firm } = getScope(c);
  const { batch, samples } = await withFirm(c.get("cx").database, firm.id, async (tx) => ({
    batch: await getBatch(tx, firm.id, id),
    samples: await listSamples(tx, firm.id, id, SAMPLE_ROWS),
  }));
  if (batch.issued_at !== null) return c.redirect(`/bulk/${id}`, 303);
  const known = Object.fromEntries(
    Object.entries(batch.places).map(([column, place]) => [column, String(place)]),
  );
  return await renderStaff(
    c,
    { title: "Which column is which?", nav: "bulk", errors: tried?.errors },
    <ColumnsView
      batch={batch}
      samples={samples}
      typed={tried?.typed ?? known}
      hasHeader={tried?.hasHeader ?? batch.has_header}
      errors={tried?.errors}
    />,
  );
}
