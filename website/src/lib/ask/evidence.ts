/** What a pack holds that can be evidence, found by words; `common/ask/src/index.rs` does the same. */
import type { Pack } from '$lib/docpack/pack';
import type { Body, DocumentRecord, SymbolRecord } from '$lib/docpack/records';
import type { Document } from '$lib/search/documents';
import { IndexBuilder } from '$lib/search/index';
import { SearchIndex } from '$lib/search/search';
import { documentText, passages, type DocumentText, type Passage } from './passages';
import { plain } from './text';

/** The word for a place where a failure is dealt with. */
export const CATCH = 'catch';
const MAX_PASSAGES = 40_000;
const CONTEXT_CHARS = 600;
const MAX_SOURCE_BYTES = 4_000;
const MAX_REMARK_LINES = 6;
/** How a line of a remark begins. */
export const REMARK = /^\s*(#|\/\/|\/\*|\*)/;
const NEWLINE = 10;
const VALUES = ['constant', 'field', 'property', 'static', 'variable'];
/** So many documents are indexed before other questions are answered. */
const CHUNK = 1_000;

/** What stands at a place of the index. */
export type Unit =
  | { kind: 'symbol'; at: number }
  | { kind: 'passage'; document: number; section: number | null; passage: Passage | null }
  | { kind: 'statement'; section: number; item: number };

const EMPTY: Document = {
  kind: 'symbol',
  id: '',
  name: '',
  qualified_name: '',
  path: '',
  signature: '',
  documentation: '',
  summary: '',
  body: '',
  symbol_kind: '',
  role: '',
  centrality: 0,
  exported: false
};
const decoder = new TextDecoder();

export class Evidence {
  readonly units: Unit[] = [];
  readonly pack: Pack;
  readonly bodies: ReadonlyMap<string, Body> | null;
  index!: SearchIndex;
  private readonly source: (path: string) => Uint8Array | null;
  private readonly texts = new Map<number, DocumentText | null>();

  private constructor(
    pack: Pack,
    bodies: ReadonlyMap<string, Body> | null,
    source: (path: string) => Uint8Array | null
  ) {
    this.pack = pack;
    this.bodies = bodies;
    this.source = source;
  }

  /** Reads symbols, documents and statements of a pack; symbols have their places in `nodes.json`. */
  static async of(
    pack: Pack,
    bodies: ReadonlyMap<string, Body> | null,
    source: (path: string) => Uint8Array | null
  ): Promise<Evidence> {
    const evidence = new Evidence(pack, bodies, source);
    const builder = new IndexBuilder();
    let added = 0;
    for (const [unit, document] of evidence.documents()) {
      evidence.units.push(unit);
      builder.add(document);
      if (++added % CHUNK === 0) await new Promise((others) => setTimeout(others));
    }
    evidence.index = new SearchIndex(builder.finish());
    return evidence;
  }

  private *documents(): Generator<[Unit, Document]> {
    for (const [at, symbol] of this.pack.symbols.entries()) yield [{ kind: 'symbol', at }, this.ofSymbol(symbol)];
    let nPassages = 0;
    for (const at of this.pack.documents.keys()) {
      for (const pair of this.ofDocument(at)) if (nPassages++ < MAX_PASSAGES) yield pair;
    }
    for (const [section, { title, items }] of (this.pack.tour?.sections ?? []).entries()) {
      for (const [item, { text, quote }] of items.entries()) {
        const documentation = `${text ?? ''} ${quote?.text ?? ''}`;
        yield [
          { kind: 'statement', section, item },
          { ...EMPTY, kind: 'section', name: title, documentation }
        ];
      }
    }
  }

  private ofSymbol(symbol: SymbolRecord): Document {
    return {
      ...EMPTY,
      id: symbol.id,
      name: symbol.name,
      qualified_name: symbol.qualified_name,
      path: symbol.file_path,
      signature: symbol.signature,
      documentation: symbol.doc_comment ?? '',
      body: this.factsOf(symbol),
      symbol_kind: symbol.kind,
      role: symbol.role ?? '',
      centrality: symbol.centrality,
      exported: symbol.exported
    };
  }

  /** The conditions of a body and what it does, or its text where the pack does not say it. */
  factsOf(symbol: SymbolRecord): string {
    const body = this.bodies?.get(symbol.id);
    return body ? facts(body) : this.ownText(symbol);
  }

  /** The source text of a symbol; that of a value to the end of its line, with the remark above it as its comment. */
  ownText(symbol: SymbolRecord): string {
    const text = this.source(symbol.file_path);
    if (!text) return '';
    const { start } = symbol.byte_range;
    const end = Math.min(symbol.byte_range.end, start + MAX_SOURCE_BYTES);
    if (!hasValue(symbol)) return decoder.decode(text.subarray(start, end));
    const next = text.indexOf(NEWLINE, end);
    const lineEnd = Math.min(next < 0 ? text.length : next, end + MAX_SOURCE_BYTES);
    return decoder.decode(text.subarray(isValue(symbol) ? remarkStart(text, start) : start, lineEnd));
  }

  private *ofDocument(at: number): Generator<[Unit, Document]> {
    const document = this.pack.documents[at]!;
    const text = this.textOf(at);
    const found = text ? passages(document, text) : [];
    for (const passage of found) {
      const own = text!.text.slice(passage.start, passage.end);
      const around = text!.text.slice(Math.max(0, passage.start - CONTEXT_CHARS / 2), passage.end + CONTEXT_CHARS / 2);
      yield [
        { kind: 'passage', document: at, section: passage.section, passage },
        {
          ...ofSection(document, passage.section),
          documentation: passage.isCode ? '' : own,
          body: passage.isCode ? own : around
        }
      ];
    }
    if (text && text.text !== '') return;
    for (const section of document.sections.keys())
      yield [{ kind: 'passage', document: at, section, passage: null }, ofSection(document, section)];
  }

  /** The words of a passage; null where the pack has no text of its document. */
  words({ document, passage }: Extract<Unit, { kind: 'passage' }>): string | null {
    return passage && (this.textOf(document)?.text.slice(passage.start, passage.end) ?? null);
  }

  private textOf(at: number): DocumentText | null {
    let text = this.texts.get(at);
    if (text === undefined) {
      const bytes = this.source(this.pack.documents[at]!.file_path);
      this.texts.set(at, (text = bytes && documentText(this.pack.documents[at]!, bytes)));
    }
    return text;
  }
}

function ofSection(document: DocumentRecord, section: number | null): Document {
  return {
    ...EMPTY,
    kind: 'section',
    name: section === null ? fileName(document) : document.sections[section]!.title,
    qualified_name: headings(document, section),
    path: document.file_path,
    role: document.role === 'documentation' ? '' : document.role
  };
}

const fileName = ({ file_path }: DocumentRecord) => file_path.slice(file_path.lastIndexOf('/') + 1);

/** The headings above a section, the highest first; before the first heading the document itself. */
export function headings(document: DocumentRecord, section: number | null): string {
  if (section === null) return fileName(document);
  let level = Infinity;
  const titles: string[] = [];
  for (const above of document.sections.slice(0, section + 1).reverse()) {
    if (above.level >= level) continue;
    level = above.level;
    titles.unshift(plain(above.title));
  }
  // A logo may be a heading.
  return titles.filter((title) => title !== '').join(' > ') || fileName(document);
}

/** Whether a symbol is a value that has no comment of its own. */
export function isValue(symbol: SymbolRecord): boolean {
  return symbol.doc_comment === null && hasValue(symbol);
}

/** Whether a symbol is a constant, a variable or a field. */
export const hasValue = ({ kind }: SymbolRecord) => VALUES.includes(kind);

/** Where the remark in the lines above a place begins; the place itself where there is none. */
function remarkStart(text: Uint8Array, place: number): number {
  let start = place;
  let at = lineStart(text, place);
  for (let n = 0; n < MAX_REMARK_LINES && at > 0; n++) {
    const line = lineStart(text, at - 1);
    if (!REMARK.test(decoder.decode(text.subarray(line, at - 1)))) break;
    start = at = line;
  }
  return start;
}

/** Where the line of a place begins. */
function lineStart(text: Uint8Array, place: number): number {
  return place === 0 ? 0 : text.lastIndexOf(NEWLINE, place - 1) + 1;
}

function facts({ conditions, steps }: Body): string {
  // Where something is caught, it says what happens after a failure.
  const parts: (string | null)[] = conditions.flatMap(({ text, kind }) => (kind === CATCH ? [text, CATCH] : [text]));
  for (const { kind, text, value, effect, arguments: given, literals } of steps)
    parts.push(kind, text, value, effect, ...given, ...literals.map((literal) => literal.text));
  return parts.filter((part) => part !== null).join(' ');
}
