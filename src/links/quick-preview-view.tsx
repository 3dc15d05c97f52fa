import type { JSX } from "hono/jsx/jsx-runtime";
import { hasGreeting } from "../settings/templates.ts";
import { Button } from "../ui/buttons.tsx";
import { Cluster } from "../ui/layout.tsx";
import { type Swap, swapAttributes } from "../ui/swap.ts";
import { AccountBadge } from "../ui/tags.tsx";
import type { QuickPreview } from "./quick-preview.ts";

/** Draws the form's page again with the preview brought up to date; nothing is made or sent. */
export const PREVIEW_PATH = "/quick/preview";
const PREVIEW_ID = "quick-preview";

/**
 * The email as the server draws it. Stands inside the form, so that the script can ask for it anew whenever a box was left; without
 * the script the button does.
 */
export function QuickPreviewView(props: { preview: QuickPreview; nonce: string }): JSX.Element {
  const { preview } = props;
  const swap: Swap = {
    nonce: props.nonce,
    target: `#${PREVIEW_ID}`,
    trigger: "change from:'closest form'",
    background: true,
  };
  return (
    <section
      class="companion stack"
      data-gap="s"
      id={PREVIEW_ID}
      aria-labelledby="preview-title"
      {...swapAttributes(swap, "post", PREVIEW_PATH)}
    >
      <div class="section-head">
        <h2 id="preview-title">What the payer reads</h2>
        <Button size="s" icon="refresh" formAction={PREVIEW_PATH}>
          Preview
        </Button>
      </div>
      <div data-while="revealed">
        <Letter preview={preview} />
      </div>
      <p class="soft" data-while="hidden">
        Nothing is emailed. The next page shows the link to copy, with a QR code.
      </p>
      {preview.account ? <PaidInto account={preview.account} /> : null}
    </section>
  );
}

function Letter({ preview }: { preview: QuickPreview }): JSX.Element {
  return (
    <div class="preview">
      <div class="preview-head">
        <p>
          <span>From </span>
          {`${preview.firmName} via Send for Payment`}
        </p>
        <p>
          <span>To </span>
          <bdi data-mirror="payerEmails">{preview.to}</bdi>
        </p>
        <p>
          <span>Subject </span>
          <strong>{`Payment request from ${preview.firmName}`}</strong>
        </p>
      </div>
      <div class="preview-letter">
        {hasGreeting(preview.paragraphs) ? null : (
          <p>
            Dear <span data-mirror="payerName">{preview.payerName}</span>,
          </p>
        )}
        <pre data-mirror="message">{preview.paragraphs}</pre>
        <div>
          <p class="soft" data-mirror="description">
            {preview.description}
          </p>
          <p class="preview-amount">
            {preview.symbol}
            <span data-mirror="amount">{preview.figures}</span>
          </p>
          {preview.due === "" ? null : <p class="soft">{preview.due}</p>}
        </div>
        <p class="preview-button">Review and pay</p>
        <p class="fine-print">{finePrint(preview.phone)}</p>
      </div>
    </div>
  );
}

function PaidInto({ account }: { account: NonNullable<QuickPreview["account"]> }): JSX.Element {
  return (
    <>
      <Cluster>
        <small class="soft">Paid into</small>
        <AccountBadge kind={account.kind} last4={account.last4} />
      </Cluster>
      {account.kind === "trust" ? (
        <p class="soft">
          <small>
            Money in trust is never laid on a trust request by itself: a bookkeeper confirms where it belongs.
          </small>
        </p>
      ) : null}
    </>
  );
}

function finePrint(phone: string): string {
  const call = phone === "" ? "call us" : `call us at ${phone}`;
  return `No account or password needed. If you did not expect this, ${call} before you pay.`;
}
