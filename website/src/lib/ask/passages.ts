/** Paragraphs of documents with their lines; `common/ask/src/passage.rs` does the same. */
import type { DocumentRecord } from '$lib/docpack/records';

const MAX_PASSAGES = 2_000;
const MIN_WORDS = 4;
const SHORT_CHARS = 160;
const MAX_JOINED_CHARS = 500;
/** A list stays with the sentence that announces it up to this length. */
const MAX_LIST_CHARS = 1_000;

export interface Passage {
  /** By its place in the document; null before the first heading. */
  section: number | null;
  /** 1-based, of the file. */
  line: number;
  /** In the text, in code units. */
  start: number;
  end: number;
  isCode: boolean;
}

/** A document's text, and where its sections begin and end in it. */
export interface DocumentText {
  text: string;
  ranges: readonly { start: number; end: number }[];
}

const decoder = new TextDecoder();

/** Decodes a text and takes the byte ranges of sections to places in it. */
export function documentText({ sections }: DocumentRecord, bytes: Uint8Array): DocumentText {
  const bounds = [...new Set(sections.flatMap(({ byte_range: { start, end } }) => [start, end]))].sort((a, b) => a - b);
  const placeOf = new Map<number, number>();
  let [at, text] = [0, ''];
  for (const bound of bounds) {
    text += decoder.decode(bytes.subarray(at, bound));
    placeOf.set(bound, text.length);
    at = bound;
  }
  text += decoder.decode(bytes.subarray(at));
  return {
    text,
    ranges: sections.map(({ byte_range: { start, end } }) => ({ start: placeOf.get(start)!, end: placeOf.get(end)! }))
  };
}

/** Divides a document into paragraphs at blank lines; headings and directives are left out. */
export function passages(document: DocumentRecord, { text, ranges }: DocumentText): Passage[] {
  const found: Passage[] = [];
  // In reStructuredText a row of tildes is the underline of a heading.
  const fences = document.file_path.endsWith('.rst') ? ['```'] : ['```', '~~~'];
  read(text, 0, ranges[0]?.start ?? text.length, null, 1, '', fences, found);
  document.sections.forEach(({ line, title }, at) => {
    const { start, end } = ranges[at]!;
    read(text, start, Math.min(ranges[at + 1]?.start ?? end, end), at, line, title, fences, found);
  });
  const wordsOf = ({ start, end }: Passage) => text.slice(start, end).split(/\s+/).filter(Boolean).length;
  return joined(found, text)
    .filter((passage) => wordsOf(passage) >= MIN_WORDS)
    .slice(0, MAX_PASSAGES);
}

/** Reads the paragraphs of one section, whose heading stands in the first line. */
function read(
  text: string,
  start: number,
  end: number,
  section: number | null,
  firstLine: number,
  title: string,
  fences: readonly string[],
  found: Passage[]
): void {
  let open: Passage | null = null;
  let inFence = false;
  let offset = start;
  const close = (at: number) => {
    if (open) found.push({ ...open, end: at });
    open = null;
  };
  const lines = text.slice(start, end).split(/(?<=\n)/);
  // A heading may stand between two lines of marks.
  const titleLine = firstLine + (isUnderline(lines[0]!.trim()) ? 1 : 0);
  lines.forEach((line, n) => {
    if (line === '') return;
    const [number, own] = [firstLine + n, offset];
    offset += line.length;
    const bare = line.trim();
    if (fences.some((fence) => bare.startsWith(fence))) {
      close(own);
      inFence = !inFence;
      return;
    }
    const isHeading = section !== null && number === titleLine && isTitle(line, title);
    const isMark = !inFence && (isHeading || isUnderline(bare) || isDirective(bare));
    if ((bare === '' && !inFence) || isMark) return close(own);
    // A point of a list is a passage of its own.
    if (!inFence && isPoint(bare)) close(own);
    open ??= {
      section,
      line: number,
      start: own,
      end: own,
      isCode: inFence || (/^( {4}|\t)/.test(line) && !/^[-*]/.test(bare))
    };
  });
  close(offset);
}

/** Puts a short paragraph, and one that announces what follows, together with the next of its section. */
function joined(paragraphs: readonly Passage[], text: string): Passage[] {
  const found: Passage[] = [];
  // The last passage is a list with the sentence that announces it.
  let isAnnounced = false;
  for (const next of paragraphs) {
    const last = found.at(-1);
    if (last?.section === next.section) {
      const announces = text.slice(last.start, last.end).trimEnd().endsWith(':');
      const isShort = last.end - last.start < SHORT_CHARS && last.isCode === next.isCode;
      const isListed: boolean = (announces || isAnnounced) && isPoint(text.slice(next.start, next.end));
      const n = next.end - last.start;
      if ((n <= MAX_JOINED_CHARS || (isListed && n <= MAX_LIST_CHARS)) && (announces || isShort || isListed)) {
        last.end = next.end;
        isAnnounced = isListed;
        continue;
      }
    }
    isAnnounced = false;
    found.push(next);
  }
  return found;
}

/** Whether a text begins with the mark of a list's point. */
const isPoint = (text: string) => /^\s*[-*+] /.test(text);

function isTitle(line: string, title: string): boolean {
  const bare = line
    .trim()
    .replace(/^[#=]+|[#=]+$/g, '')
    .trim();
  return bare.startsWith(Array.from(title).slice(0, 20).join('')) || line.trimStart().startsWith('#');
}

const isUnderline = (line: string) => line.length >= 3 && /^[!-/:-@[-`{-~ ]+$/.test(line);

/** Finds orders to the renderer: `.. code-block:: python`, `:name: value`, `<p align="center">`, `[ref]: url`. */
function isDirective(line: string): boolean {
  const isOption = /^:[^:` ]+:/.test(line) && !line.includes(':`');
  const isReference = line.startsWith('[') && line.includes(']: ');
  const isTag = line.startsWith('<') && line.endsWith('>');
  return line.startsWith('.. ') || isOption || isReference || line.startsWith('<!--') || isTag;
}
