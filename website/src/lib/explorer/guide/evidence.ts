import type { TourEvidence, TourItem } from '$lib/docpack/records';
import { placesOf, type SymbolTable } from '$lib/docpack/source';
import { pieces } from '../text';

/** Where a statement or a part of it leads. */
export type Target = { symbol: number } | { file: string; line: number } | { folder: string };

/** A piece of a sentence: text, or code that may lead somewhere. */
export interface SentencePiece {
  text: string;
  isCode: boolean;
  target: Target | null;
}

/** A file and line that a statement follows from. */
export interface EvidencePlace {
  path: string;
  line: number;
}

/** Places of one statement that are named. */
const MAX_PLACES = 3;

/** Sets the quotation marks of titles as those of quotes are. */
const typeset = (text: string) => text.replace(/"([^"]+)"/g, '“$1”');

/** What the names in a guide can lead to. */
export class Names {
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly byName = new Map<string, number>();
  private readonly files: ReadonlySet<string>;

  constructor(private readonly table: SymbolTable) {
    this.indexOf = placesOf(table);
    this.files = new Set(table.files.map(({ path }) => path));
    // A name that several symbols have leads to none of them.
    table.names.forEach((name, at) => this.byName.set(name, this.byName.has(name) ? -1 : at));
  }

  symbol(id: string | null): number {
    return id === null ? -1 : (this.indexOf.get(id) ?? -1);
  }

  /** Divides a sentence, and links the code in it to what its evidence, or else the pack, knows by that name. */
  sentence(text: string, evidence: readonly TourEvidence[]): SentencePiece[] {
    const near = evidence
      .flatMap(({ symbol_id, target_id }) => [this.symbol(symbol_id), this.symbol(target_id)])
      .filter((symbol) => symbol >= 0);
    // Documents are no files of the table; a folder that is evidence has no line.
    const named = new Set(evidence.flatMap(({ file_path, line }) => (line === null ? [] : [file_path])));
    return pieces(text).map(({ text, isCode }) => {
      if (!isCode) return { text: typeset(text), isCode, target: null };
      return { text, isCode, target: named.has(text) ? { file: text, line: 0 } : this.target(text, near) };
    });
  }

  private target(code: string, near: readonly number[]): Target | null {
    if (this.files.has(code)) return { file: code, line: 0 };
    const name = /^[\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::|#)[\p{L}_$][\p{L}\p{N}_$]*)*/u.exec(code)?.[0];
    // `name: Type` and `name(arguments)` are declarations; anything else after a name is an expression.
    if (!name || !/^(\(|: |$)/.test(code.slice(name.length))) return null;
    const parts = name.split(/\.|::|#/);
    const isMeant = (symbol: number) => {
      const qualified = this.table.qualifiedNames[symbol]!.split(/\.|::|#|\//);
      return parts.every((part, n) => qualified[qualified.length - parts.length + n] === part);
    };
    const last = parts.at(-1)!;
    const symbol = near.find((at) => this.table.names[at] === last && isMeant(at)) ?? this.byName.get(last) ?? -1;
    return symbol >= 0 && isMeant(symbol) ? { symbol } : null;
  }

  /** The places that a statement follows from and that no name in it leads to already. */
  places(item: TourItem, linked: readonly SentencePiece[]): EvidencePlace[] {
    const led = new Set(linked.map(({ target }) => (target && 'symbol' in target ? target.symbol : -1)));
    const places = new Map<string, EvidencePlace>();
    if (item.quote) places.set('', { path: item.quote.file_path, line: item.quote.line });
    for (const { symbol_id, target_id, file_path, line } of item.evidence) {
      if (file_path === null || line === null) continue;
      const isDefinition = target_id === null && led.has(this.symbol(symbol_id)) && this.symbol(symbol_id) >= 0;
      const isQuoted = item.quote?.file_path === file_path && item.quote.line === line;
      if (!isDefinition && !isQuoted) places.set(`${file_path}:${line}`, { path: file_path, line });
    }
    return [...places.values()].slice(0, MAX_PLACES);
  }

  /** The folder that a statement follows from, where it has nothing else to lead to. */
  folder({ evidence, quote }: TourItem, linked: readonly SentencePiece[]): string | null {
    if (quote || linked.some(({ target }) => target) || evidence.some(({ line }) => line !== null)) return null;
    return evidence.find(({ file_path }) => file_path !== null)?.file_path ?? null;
  }
}
