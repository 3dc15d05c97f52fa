import type { JSX } from "hono/jsx/jsx-runtime";
import { Panel, Stack } from "../ui/layout.tsx";
import { Notice } from "../ui/notices.tsx";
import { CorrectForm, startCorrection } from "./actions-view.tsx";
import { AddressStates, addressStates } from "./link-delivery-view.tsx";
import type { LinkPage } from "./link-page.ts";

/** Where the list of things to do leads to for an email that came back. */
const FIX_ANCHOR = "fix";

/** What is wrong with the delivery of a link that can still be paid, and the form that puts it right. */
export function DeliveryTrouble({ page }: { page: LinkPage }): JSX.Element | null {
  const { link } = page;
  if (link.delivery_reason === null || link.state !== "outstanding") return null;
  if (link.delivery !== "bounced") {
    return (
      <Notice tone="warn" title="Nobody knows whether the email went out.">
        {link.delivery_reason}
      </Notice>
    );
  }
  const reached = addressStates(link, page.emails);
  const isPart = reached.length > 1 && reached.some(({ email }) => email && !isBad(email.state));
  return (
    <Stack>
      <Notice
        tone="bad"
        title={isPart ? "The request did not reach every address." : "The request did not arrive."}
      >
        {link.delivery_reason}
      </Notice>
      <Panel id={FIX_ANCHOR} title="Fix and resend">
        <Stack gap="l">
          {reached.length > 1 ? <AddressStates reached={reached} /> : null}
          <CorrectForm link={link} typed={startCorrection(link)} />
        </Stack>
      </Panel>
    </Stack>
  );
}

function isBad(state: string): boolean {
  return state === "bounced" || state === "complained" || state === "failed";
}
