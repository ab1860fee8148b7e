import type { SearchHit } from '$lib/docpack/source';
import { rolesAside } from './documents';
import { IndexBuilder, type IndexData } from './index';
import { parseQuery } from './query';
import { documentsOf, type Records } from './records';
import type { Tier } from './names';
import { SearchIndex } from './search';

/** What a pack's search needs: strings and numbers, so that a worker can build it and hand it on. */
export interface Searchable {
  index: IndexData;
  symbols: number;
  /** What the index holds behind the symbols. */
  others: Omit<SearchHit, 'symbol' | 'field' | 'isAside'>[];
}

/** So many documents are indexed before other questions are answered; it takes some 30 ms. */
const CHUNK = 1_000;

export async function searchableOf(records: Records): Promise<Searchable> {
  const builder = new IndexBuilder();
  const others: Searchable['others'] = [];
  let added = 0;
  for (const document of documentsOf(records)) {
    builder.add(document);
    const { kind, id, name, path } = document;
    if (kind !== 'symbol')
      others.push({ kind, name, path, line: kind === 'section' ? Number(id.slice(id.lastIndexOf('#') + 1)) : null });
    if (++added % CHUNK === 0) await new Promise((others) => setTimeout(others));
  }
  return { index: builder.finish(), symbols: records.symbols.length, others };
}

/** Finds what a pack holds, as it is typed. */
export class PackSearch {
  private readonly within: Searchable;
  private readonly index: SearchIndex;

  constructor(within: Searchable) {
    this.within = within;
    this.index = new SearchIndex(within.index);
  }

  /**
   * Searches for beginnings of a name, one a turn. A browser compiles what has run often, and without this the first
   * letters that somebody types would take several times as long as later ones.
   */
  async warmUp(): Promise<void> {
    const name = this.within.index.names.names.split('\n', 1)[0]!;
    for (let n = 0; n < WARM_UPS; n++) {
      await new Promise((turn) => setTimeout(turn));
      this.search(name.slice(0, 1 + (n % 4)), 1);
    }
  }

  /** Gives the product's code first, then tests and examples; what has the very name stays where it is. */
  search(query: string, limit: number): SearchHit[] {
    const { symbols, others, index } = this.within;
    const aside = rolesAside(parseQuery(query).rolePriors);
    const hits = this.index.search(query, [], 2 * limit).hits.map(({ document, tier, fields }): SearchHit => {
      const field = fieldOf(tier, fields);
      const isAside = !NAMED.has(tier) && aside.has(index.roles[document]!);
      if (document < symbols)
        return { kind: 'symbol', symbol: document, name: '', path: '', line: null, field, isAside };
      return { ...others[document - symbols]!, symbol: -1, field, isAside };
    });
    return [...hits.filter(({ isAside }) => !isAside), ...hits.filter(({ isAside }) => isAside)].slice(0, limit);
  }
}

const WARM_UPS = 12;

/** Whoever types a whole name wants what has it, a test too. */
const NAMED: ReadonlySet<Tier> = new Set(['exact', 'exact_ignoring_case', 'same_letters']);

/** Names what matched; a name needs no explanation. */
export function fieldOf(tier: string, fields: readonly string[]): SearchHit['field'] {
  if (tier !== 'words' || fields.includes('name')) return 'name';
  if (fields.length === 0) return 'meaning';
  return fields.some((field) => field !== 'path' && field !== 'qualified_name') ? 'text' : 'path';
}
