/** One file of an archive: its name, and its bytes as they come. */
export type ZipEntry = { name: string; chunks: AsyncIterable<Uint8Array> };

const LOCAL_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
/** Deflate, names in UTF-8, sizes behind the data: they are not known before it was read. */
const VERSION = 20;
const FLAGS = 0x0808;
const DEFLATE = 8;
/** The first of January 1980, the oldest day that the format knows: an archive says nothing of when it was made. */
const OLDEST_DATE = 0x0021;
const CRC_POLYNOMIAL = 0xedb88320;
const BYTE_VALUES = 256;

type Written = { name: Uint8Array; crc: number; packed: number; size: number; offset: number };

/**
 * Writes an archive while its files are read, so that memory does not grow with them. Each file and the whole stay below 4 GiB.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function* zip(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = new TextEncoder().encode(entry.name);
    const head = record(
      [LOCAL_SIGNATURE, 4],
      ...commonOf(),
      [0, 4],
      [0, 4],
      [0, 4],
      [name.length, 2],
      [0, 2],
    );
    yield head;
    yield name;
    const sums = { crc: 0xffffffff, size: 0 };
    let packed = 0;
    for await (const chunk of deflated(entry.chunks, sums)) {
      packed += chunk.length;
      yield chunk;
    }
    const crc = (sums.crc ^ 0xffffffff) >>> 0;
    const tail = record([DESCRIPTOR_SIGNATURE, 4], [crc, 4], [packed, 4], [sums.size, 4]);
    yield tail;
    written.push({ name, crc, packed, size: sums.size, offset });
    offset += head.length + name.length + packed + tail.length;
  }
  yield* directory(written, offset);
}

function* directory(written: readonly Written[], offset: number): Generator<Uint8Array> {
  let size = 0;
  for (const { name, crc, packed, size: bytes, offset: at } of written) {
    const head = record(
      [CENTRAL_SIGNATURE, 4],
      [VERSION, 2],
      ...commonOf(),
      [crc, 4],
      [packed, 4],
      [bytes, 4],
      [name.length, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [at, 4],
    );
    yield head;
    yield name;
    size += head.length + name.length;
  }
  const count = written.length;
  yield record([END_SIGNATURE, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]);
}

/** What the record before a file and the one in the directory share. */
function commonOf(): [number, number][] {
  return [
    [VERSION, 2],
    [FLAGS, 2],
    [DEFLATE, 2],
    [0, 2],
    [OLDEST_DATE, 2],
  ];
}

/** Numbers, each with its width in bytes, the least first. */
function record(...fields: (readonly [number, number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

/** Packs chunks one after another, and counts them on their way. */
async function* deflated(
  chunks: AsyncIterable<Uint8Array>,
  sums: { crc: number; size: number },
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const counted = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const next = await source.next();
      if (next.done) return controller.close();
      sums.crc = addToCrc(sums.crc, next.value);
      sums.size += next.value.length;
      controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await source.return?.(undefined);
    },
  });
  const reader = counted.pipeThrough(new CompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

const CRC_TABLE = Uint32Array.from({ length: BYTE_VALUES }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ CRC_POLYNOMIAL : value >>> 1;
  return value >>> 0;
});

function addToCrc(crc: number, bytes: Uint8Array): number {
  let sum = crc;
  for (const byte of bytes) sum = (sum >>> 8) ^ (CRC_TABLE[(sum ^ byte) & 0xff] ?? 0);
  return sum >>> 0;
}
