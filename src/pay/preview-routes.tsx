import { Hono } from "hono";
import { notFound } from "../base/error.ts";
import { Notice } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { getScope, type Web, type WebEnv } from "../web/env.ts";
import { openForMember } from "./open.ts";
import { showLink } from "./page.tsx";

export const previewRoutes = new Hono<WebEnv>();

/** The payer's page as the payer would see it now. It has no address that pays, and looking at it does not count as viewed. */
previewRoutes.get("/links/:id/preview", allow("links.see"), async (c) => {
  const opened = await openForMember(c.get("cx"), getScope(c).firm.id, c.req.param("id"));
  if (!opened) throw notFound("link");
  const { newest } = opened;
  const shown = newest?.url ? { ...newest, url: pathOf(newest.id) } : newest;
  const here = pathOf(opened.link.id);
  return await showLink(c, { ...opened, newest: shown }, "", {
    here,
    preview: (
      <Notice
        tone="info"
        title={c.req.query("pressed") === undefined ? "Preview for your firm." : "Nothing was begun."}
        actions={<a href={`/links/${opened.link.id}`}>Back to the link</a>}
      >
        This is what the payer sees. Its buttons do nothing here, and looking at it does not count as viewed.
      </Notice>
    ),
  });
});

previewRoutes.post("/links/:id/preview", allow("links.see"), answerPress);
previewRoutes.post("/links/:id/preview/fresh", allow("links.see"), answerPress);

/** The payer's buttons are there to be seen. */
async function answerPress(c: Web): Promise<Response> {
  const opened = await openForMember(c.get("cx"), getScope(c).firm.id, c.req.param("id") ?? "");
  if (!opened) throw notFound("link");
  return c.redirect(`${pathOf(opened.link.id)}?pressed`, 303);
}

function pathOf(linkId: string): string {
  return `/links/${linkId}/preview`;
}
