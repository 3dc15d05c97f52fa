import { Hono } from "hono";
import { notFound, Problem } from "../base/error.ts";
import { may } from "../base/permission.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { withBack } from "./back.ts";
import { backOf, decide, getDecision, show } from "./decide.tsx";
import { EnterPage } from "./enter-view.tsx";
import { getFile } from "./file-queries.ts";
import { dropFile, makeFile } from "./make-file.ts";
import { PostingPage } from "./posting-view.tsx";
import { readEntry } from "./read-entry.ts";
import { readPostingPage } from "./read-posting-page.ts";

/** A posting's own page, and what a person needs who enters it in the matter system. */
export const pageRoutes = new Hono<WebEnv>();

pageRoutes.get("/postings/:id", allow("postings.see"), async (c) => {
  const { firm, member } = getScope(c);
  const page = await readPostingPage(c.get("cx"), firm, c.req.param("id"));
  const mayManage = may(member.role, "postings.manage");
  const view = <PostingPage {...page} timeZone={firm.timeZone} mayManage={mayManage} />;
  return await show(c, page.line.posting.reference, view);
});

pageRoutes.get("/postings/:id/enter", allow("postings.manage"), async (c) => {
  const { firm } = getScope(c);
  const { line, payerName, back } = await getDecision(c);
  try {
    const read = await readEntry(c.get("cx"), firm, line.posting.id);
    const page = <EnterPage {...read} posting={line.posting} payerName={payerName} back={back} />;
    return await show(c, `Enter it in ${read.system}`, page);
  } catch (error) {
    if (!(error instanceof Problem && error.code === "conflict")) throw error;
    setFlash(c, { tone: "warn", text: error.message });
    return c.redirect(`/postings/${line.posting.id}`, 303);
  }
});

pageRoutes.post("/postings/:id/file", allow("postings.manage"), (c) =>
  decideThere(c, "The file is made. Download it and import it once.", () =>
    makeFile(memberContext(c), { postingId: c.req.param("id") }),
  ),
);

pageRoutes.get("/postings/:id/file", allow("postings.manage"), async (c) => {
  const { firm } = getScope(c);
  const { posting } = (await getDecision(c)).line;
  const { file_id: fileId } = posting;
  if (fileId === null) {
    setFlash(c, { tone: "warn", text: "This posting stands in no file." });
    return c.redirect(`/postings/${posting.id}`, 303);
  }
  const file = await withFirm(c.get("cx").database, firm.id, (tx) => getFile(tx, firm.id, fileId));
  return c.body(new Uint8Array(file.content), 200, {
    "Content-Type": file.media_type,
    "Content-Disposition": `attachment; filename="${file.name.replace(/[^A-Za-z0-9._-]+/g, "-")}"`,
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
});

pageRoutes.post("/postings/:id/file/drop", allow("postings.manage"), (c) =>
  decideThere(c, "Its postings stand in no file any more.", () =>
    dropFile(memberContext(c), { postingId: c.req.param("id") }),
  ),
);

/** Does it and says so on the page of what is to be entered. */
async function decideThere(c: Web, done: string, act: () => Promise<unknown>): Promise<Response> {
  const to = withBack(`/postings/${c.req.param("id") ?? ""}/enter`, backOf(c));
  return await decide(c, done, {
    act,
    to,
    again: () => {
      throw notFound("posting");
    },
  });
}
