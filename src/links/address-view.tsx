import type { JSX } from "hono/jsx/jsx-runtime";
import { CopyButton } from "../ui/buttons.tsx";
import { Cluster } from "../ui/layout.tsx";

/** A link's address, to be read and to be copied. */
export function LinkAddress({ url }: { url: string }): JSX.Element {
  return (
    <>
      <p>
        <code>{url}</code>
      </p>
      <Cluster>
        <CopyButton text={url} said="Link copied" size="s">
          Copy link
        </CopyButton>
      </Cluster>
    </>
  );
}
