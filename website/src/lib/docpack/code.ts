import type { Pack } from './pack';
import type { SymbolRecord } from './records';
import type { CodeMark, EdgeTable, FileCode, SymbolTable } from './source';
import { shownLine } from './source-text';

/** Longer files are data; what is beyond is counted. */
const MAX_CODE_LINES = 60_000;
/** A declaration's name stands near its beginning: after decorators, attributes and a comment. */
const MAX_NAME_BYTES = 4_000;
/** A name stands near the beginning of its site. */
const MAX_SITE_CHARS = 400;
/** One name that leads to more symbols than this is linked to the surest of them. */
const MAX_TARGETS = 12;
const LINE_FEED = 10;
const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const WORD_CHAR = /[\p{L}\p{N}_$]/u;
const DOTTED = /^[\p{L}_$][\p{L}\p{N}_$]*(?:\s*(?:\.|::|\?\.|->)\s*[\p{L}_$][\p{L}\p{N}_$]*)*/u;

interface Facts {
  pack: Pack;
  table: SymbolTable;
  edges: EdgeTable;
  indexOf: ReadonlyMap<string, number>;
}

/** Gives a file's text as lines, and what the pack knows of places in it. */
export function codeOf(facts: Facts, path: string, bytes: Uint8Array, redacted: number): FileCode {
  const starts = lineStarts(bytes);
  const shown = Math.min(starts.length, MAX_CODE_LINES);
  const text = new Places(bytes, starts, shown);
  const lines = Array.from({ length: shown }, (_, at) => shownLine(text.raw(at)));
  const file = facts.pack.files.findIndex(({ file_path }) => file_path === path);
  if (file < 0) return { path, lines, total: starts.length, redacted, symbols: [], marks: [] };
  const symbols: number[] = [];
  facts.table.file.forEach((of, symbol) => of === file && symbols.push(symbol));
  symbols.sort((a, b) => byteStart(facts, a) - byteStart(facts, b) || a - b);
  const marks = new Marks();
  for (const symbol of symbols) {
    declare(facts, symbol, text, marks);
    refer(facts, symbol, text, marks);
  }
  doubt(facts, new Set(symbols), text, marks);
  return { path, lines, total: starts.length, redacted, symbols, marks: marks.sorted() };
}

const byteStart = ({ pack }: Facts, symbol: number) => pack.symbols[symbol]!.byte_range.start;

/** Where each line begins; a last line break begins none. */
function lineStarts(bytes: Uint8Array): number[] {
  const starts = bytes.length > 0 ? [0] : [];
  for (let at = bytes.indexOf(LINE_FEED); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(LINE_FEED, at + 1))
    starts.push(at + 1);
  return starts;
}

/** Bytes of a file as places on its lines, in the characters that are shown. */
class Places {
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly starts: readonly number[],
    private readonly shown: number
  ) {}

  raw(line: number): string {
    const end = this.starts[line + 1] === undefined ? this.bytes.length : this.starts[line + 1]! - 1;
    return this.text(this.starts[line]!, this.bytes[end - 1] === LINE_FEED ? end - 1 : end);
  }

  text(start: number, end: number): string {
    return this.decoder.decode(this.bytes.subarray(start, end));
  }

  /** The characters from a byte on, up to the end of its line. */
  rest(byte: number): string {
    const end = this.bytes.indexOf(LINE_FEED, byte);
    return this.text(byte, end < 0 ? this.bytes.length : end);
  }

  /** A line from 1 as it is shown. */
  lineAt(line: number): string | null {
    return line >= 1 && line <= this.shown ? shownLine(this.raw(line - 1)) : null;
  }

  /** Line from 1, and column in the line as it is shown; null where it is not shown. */
  place(byte: number): { line: number; column: number } | null {
    let [low, high] = [0, this.starts.length - 1];
    if (high < 0 || byte >= this.bytes.length) return null;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= byte) low = middle;
      else high = middle - 1;
    }
    if (low >= this.shown) return null;
    return { line: low + 1, column: shownLine(this.text(this.starts[low]!, byte)).length };
  }
}

/** One mark for each place; a place that several edges leave has all their targets. */
class Marks {
  private readonly byPlace = new Map<string, CodeMark>();

  add(place: { line: number; column: number } | null, name: string, mark: Pick<CodeMark, 'kind' | 'targets'>): void {
    if (place === null || name === '') return;
    const key = `${place.line}:${place.column}`;
    const known = this.byPlace.get(key);
    if (!known)
      this.byPlace.set(key, { line: place.line, from: place.column, to: place.column + name.length, ...mark });
    else if (known.kind !== 'declaration') {
      for (const target of mark.targets) {
        if (known.targets.length < MAX_TARGETS && !known.targets.some(({ symbol }) => symbol === target.symbol))
          known.targets.push(target);
      }
      // What the source names comes before what following values found.
      known.targets.sort((a, b) => Number(a.isFollowed) - Number(b.isFollowed) || b.confidence - a.confidence);
      if (known.kind === 'uncertain' || mark.kind === 'call') known.kind = mark.kind;
    }
  }

  isFree(line: number, column: number): boolean {
    return !this.byPlace.has(`${line}:${column}`);
  }

  sorted(): CodeMark[] {
    const all = [...this.byPlace.values()].sort((a, b) => a.line - b.line || a.from - b.from);
    return all.filter((mark, n) => n === 0 || mark.line !== all[n - 1]!.line || mark.from >= all[n - 1]!.to);
  }
}

/** Marks the name in a symbol's own declaration. */
function declare({ pack }: Facts, symbol: number, text: Places, marks: Marks): void {
  const record = pack.symbols[symbol]!;
  const { start, end } = record.byte_range;
  if (record.kind === 'module' || !NAME.test(record.name)) return;
  const head = text.text(start, Math.min(end, start + MAX_NAME_BYTES));
  const at = nameIn(head, record);
  if (at < 0) return;
  const byte = start + new TextEncoder().encode(head.slice(0, at)).length;
  const certain = { symbol, confidence: 1, isFollowed: false };
  marks.add(text.place(byte), record.name, { kind: 'declaration', targets: [certain] });
}

/** Finds the name by what the signature has before it, or else as the first word that is the name. */
function nameIn(head: string, { name, signature }: SymbolRecord): number {
  const inSignature = signature ? wordIn(signature, name) : -1;
  if (signature && inSignature > 0) {
    const before = signature.slice(0, inSignature).trimEnd();
    const at = head.indexOf(before);
    const found = at < 0 ? -1 : wordIn(head, name, at + before.length);
    // Between the two may be white space only.
    if (found >= 0 && head.slice(at + before.length, found).trim() === '') return found;
  }
  return wordIn(head, name);
}

/** Where a word stands by itself, from a place on; -1 where it does not. */
function wordIn(text: string, word: string, from = 0): number {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text[at + word.length] ?? ' '];
    if (!WORD_CHAR.test(before) && !WORD_CHAR.test(after)) return at;
  }
  return -1;
}

/** Marks what the edges of a symbol say of places in its file. */
function refer({ pack, edges }: Facts, symbol: number, text: Places, marks: Marks): void {
  const from = edges.outgoing.subarray(edges.outgoingStart[symbol], edges.outgoingStart[symbol + 1]);
  for (const at of from) {
    const { kind, sites, confidence, evidence } = pack.edges[at]!;
    if (kind === 'contains' || kind === 'related' || kind === 'co_changed') continue;
    const target = { symbol: edges.target[at]!, confidence, isFollowed: evidence === 'flow' };
    const name = pack.symbols[target.symbol]!.name;
    for (const { byte_start } of sites) {
      const place = wordAt(text, byte_start, name);
      if (place) marks.add(place, place.name, { kind: kind === 'calls' ? 'call' : 'reference', targets: [target] });
    }
  }
}

/** The target's name at a place; where it is called by another, the last name written there. */
function wordAt(text: Places, byte: number, name: string) {
  const rest = text.rest(byte).slice(0, MAX_SITE_CHARS);
  const written = DOTTED.exec(rest)?.[0] ?? '';
  const names = [...written.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)].map(({ 0: word, index }) => ({ word, index }));
  // A site may begin before the name, as that of `B` in `class A(B):` does.
  const later = NAME.test(name) ? wordIn(rest, name) : -1;
  const found =
    names.find(({ word }) => word === name) ?? (later >= 0 ? { word: name, index: later } : null) ?? names.at(-1);
  if (!found) return null;
  const place = text.place(byte + new TextEncoder().encode(rest.slice(0, found.index)).length);
  return place && { ...place, name: found.word };
}

/** Marks references with several possible targets, of which the pack has the line and the name. */
function doubt({ pack, indexOf }: Facts, here: ReadonlySet<number>, text: Places, marks: Marks): void {
  for (const { source, name, line, candidates } of pack.ambiguous) {
    if (!here.has(indexOf.get(source) ?? -1)) continue;
    const word = name.split(/\.|::|->/).at(-1) ?? '';
    if (!NAME.test(word)) continue;
    const shown = text.lineAt(line);
    const found = shown === null ? null : freeWord(shown, word, line, marks);
    if (found === null) continue;
    const targets = candidates
      .map(({ id, confidence }) => ({ symbol: indexOf.get(id)!, confidence, isFollowed: false }))
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, MAX_TARGETS);
    marks.add({ line, column: found }, word, { kind: 'uncertain', targets });
  }
}

/** The first place of a word on a line that nothing is known of yet. */
function freeWord(line: string, word: string, number: number, marks: Marks): number | null {
  for (let at = wordIn(line, word); at >= 0; at = wordIn(line, word, at + 1)) {
    if (marks.isFree(number, at)) return at;
  }
  return null;
}
