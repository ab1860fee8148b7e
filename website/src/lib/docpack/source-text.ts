import { sourcePartPath } from './entries';
import { DocpackError } from './errors';
import type { SourceIndex, SourceText } from './records';
import type { SourceLines } from './source';
import { visible } from './visible';

/** Memory for parts that were fetched; most parts have a little more than a megabyte. */
const MAX_KEPT_BYTES = 16_000_000;
/** One answer has at most this many lines. */
const MAX_LINES = 1_000;
/** A longer line is machine-made, and slow to lay out. */
const MAX_LINE_CHARS = 1_000;
const LINE_FEED = 10;

/** Gives a part of the text, such as `source/0000.txt`. */
export type ReadPart = (path: string) => Promise<Uint8Array>;

/** The texts of a pack's files, of which one part at a time is read, when a line of it is first asked for. */
export class SourceReader {
  private readonly files: ReadonlyMap<string, SourceText>;
  private readonly readPart: ReadPart;
  private readonly maxKeptBytes: number;
  /** Parts in the order of their last use. */
  private readonly kept = new Map<number, Uint8Array>();
  private keptBytes = 0;

  constructor({ files }: SourceIndex, readPart: ReadPart, maxKeptBytes = MAX_KEPT_BYTES) {
    this.files = new Map(files.map((file) => [file.file_path, file]));
    this.readPart = readPart;
    this.maxKeptBytes = maxKeptBytes;
  }

  /** Gives lines of a file, counted from 1 and including the last; null where the pack has no text of it. */
  async lines(path: string, first: number, last: number): Promise<SourceLines | null> {
    const text = await this.text(path);
    return text && cut(this.files.get(path)!, text.bytes, first, Math.min(last, first + MAX_LINES - 1));
  }

  /** Gives the bytes of a file, and how many secrets in it were replaced; null where the pack has no text of it. */
  async text(path: string): Promise<{ bytes: Uint8Array; redacted: number } | null> {
    const file = this.files.get(path);
    if (!file) return null;
    const part = await this.part(file.part);
    if (file.offset + file.bytes > part.length) {
      throw new DocpackError('source_malformed', `the text of \`${path}\` ends past its part`);
    }
    return { bytes: part.subarray(file.offset, file.offset + file.bytes), redacted: file.redactions.length };
  }

  private async part(number: number): Promise<Uint8Array> {
    const part = this.kept.get(number) ?? (await this.readPart(sourcePartPath(number)));
    if (!this.kept.delete(number)) this.keptBytes += part.length;
    this.kept.set(number, part);
    for (const [oldest, bytes] of this.kept) {
      if (this.keptBytes <= this.maxKeptBytes || oldest === number) break;
      this.kept.delete(oldest);
      this.keptBytes -= bytes.length;
    }
    return part;
  }
}

function cut(file: SourceText, bytes: Uint8Array, first: number, last: number): SourceLines {
  let [line, start, end] = [1, first === 1 ? 0 : -1, -1];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== LINE_FEED) continue;
    if (line === last) end = at;
    if (at + 1 === bytes.length) break;
    line++;
    if (line === first) start = at + 1;
  }
  if (start === -1 || bytes.length === 0)
    return { first, lines: [], total: bytes.length === 0 ? 0 : line, redacted: 0 };
  if (end === -1) end = bytes.at(-1) === LINE_FEED ? bytes.length - 1 : bytes.length;
  const lines = new TextDecoder().decode(bytes.subarray(start, end)).split('\n').map(shownLine);
  const redacted = file.redactions.filter((redaction) => redaction.start < end && redaction.end > start).length;
  return { first, lines, total: line, redacted };
}

/** A line as text that hides nothing. */
export function shownLine(line: string): string {
  const text = visible(line.replace(/\r$/, '')).replaceAll('\r', '\u240d');
  return text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS)}…` : text;
}
