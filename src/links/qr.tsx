import type { JSX } from "hono/jsx/jsx-runtime";
import QRCode from "qrcode";

/** The quiet border that readers need, in squares: ISO/IEC 18004 asks for four. */
const BORDER = 4;

/** A QR code as one path of squares: no picture to fetch, no style attribute. */
export function QrCode(props: { text: string; label: string }): JSX.Element {
  const { size, path } = drawQr(props.text);
  const edge = size + 2 * BORDER;
  return (
    <svg
      class="qr"
      viewBox={`${-BORDER} ${-BORDER} ${edge} ${edge}`}
      role="img"
      aria-label={props.label}
      shape-rendering="crispEdges"
    >
      <rect x={-BORDER} y={-BORDER} width={edge} height={edge} fill="#fff" />
      <path fill="#000" d={path} />
    </svg>
  );
}

/** The squares of a code: how many to a side, and the dark ones as an SVG path, run by run. */
function drawQr(text: string): { size: number; path: string } {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: "M" }).modules;
  const runs: string[] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!data[y * size + x]) continue;
      const start = x;
      while (x + 1 < size && data[y * size + x + 1]) x += 1;
      const width = x - start + 1;
      runs.push(`M${start} ${y}h${width}v1h-${width}z`);
    }
  }
  return { size, path: runs.join("") };
}
