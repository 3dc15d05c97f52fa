import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon, type IconName } from "./icons.tsx";

/**
 * A button that opens what is under it, without a script; only one of a page is open at a time. `children` is the panel: an element
 * of the class `menu-panel`.
 */
export function Menu(props: {
  id: string;
  label: Child;
  icon: IconName;
  open?: boolean | undefined;
  children: Child;
}): JSX.Element {
  return (
    <details class="menu" id={props.id} name="menu" open={props.open}>
      <summary class="button">
        <Icon name={props.icon} />
        {props.label}
      </summary>
      {props.children}
    </details>
  );
}
