import { isQuestion } from '$lib/ask/question';
import type { SearchHit, Snippet } from '$lib/docpack/source';
import type { ExplorerState } from './state.svelte';

const LIMIT = 50;
/** Two lists of them, one under the other. */
const MAX_SHOWN = 2 * LIMIT;
/** The API's index is queried after a pause of this length in the typing. */
const REST_MS = 180;
/** Lines are quoted, and rows below the first screen drawn, after a shorter one: longer than from letter to letter. */
const QUOTE_MS = 140;

/** The place of the row that answers the question, above the results. */
export const ASK_ROW = -1;

export interface HitGroup {
  title: string;
  /** The place of its first row among all of them. */
  start: number;
  hits: SearchHit[];
}

/** What was typed into the search and what it found. Rows that are drawn never move: later ones come under them. */
export class SearchSession {
  query = $state('');
  /** The query that `hits` are of. */
  answered = $state('');
  active = $state(0);
  hits = $state.raw<SearchHit[]>([]);
  /** Which index ranked them. */
  ranked = $state<'here' | 'words' | 'meaning'>('here');
  snippets = $state.raw<ReadonlyMap<string, Snippet>>(new Map());
  /** How many rows are drawn: while somebody types, those that there is room for. */
  nDrawn = $state(MAX_SHOWN);
  /** How many rows were found in this browser; those under them came from the API. */
  private nHere = $state(0);
  /** Whether what was typed may be a question. */
  readonly isAsking: boolean = $derived.by(() => isQuestion(this.query) && this.explorer.picked === null);
  readonly groups: HitGroup[] = $derived(groupsOf(this.hits.slice(0, this.nDrawn), this.nHere));
  private readonly explorer: ExplorerState;
  private asking = new AbortController();
  private timers: ReturnType<typeof setTimeout>[] = [];

  constructor(
    explorer: ExplorerState,
    /** Rows that there is room for. */
    private readonly nInSight = MAX_SHOWN
  ) {
    this.explorer = explorer;
  }

  async search(): Promise<void> {
    const asked = this.query;
    this.stop();
    if (this.isAsking) this.active = ASK_ROW;
    if (this.explorer.source.rank && asked.trim() !== '') this.after(REST_MS, () => this.rank(asked));
    const found = await this.explorer.source.search(asked, LIMIT);
    if (asked !== this.query) return;
    const wanted = this.explorer.picked ? found.filter(({ symbol }) => symbol >= 0) : found;
    this.nHere = wanted.length;
    this.nDrawn = this.nInSight;
    this.show(wanted, asked, 'here');
    this.active = this.isAsking ? ASK_ROW : 0;
  }

  stop(): void {
    this.asking.abort();
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }

  /** Moves the choice by some rows, and gives its place. */
  move(step: number): number {
    this.active = Math.max(this.isAsking ? ASK_ROW : 0, Math.min(this.hits.length - 1, this.active + step));
    if (this.active >= this.nDrawn) this.nDrawn = MAX_SHOWN;
    return this.active;
  }

  /** Queries the API's index, which also ranks by meaning; what it finds beyond the rows that are there comes under them. */
  private async rank(asked: string): Promise<void> {
    this.asking = new AbortController();
    try {
      const found = await this.explorer.source.rank!(asked, LIMIT, this.asking.signal);
      if (asked !== this.query || asked !== this.answered) return;
      const shown = new Set(this.hits.map(keyOf));
      const more = found.hits.filter((hit) => !shown.has(keyOf(hit)));
      this.show([...this.hits, ...more].slice(0, MAX_SHOWN), asked, found.byMeaning ? 'meaning' : 'words');
    } catch {
      // The local results stay, and the line below says how they were ranked.
    }
  }

  private show(found: SearchHit[], asked: string, by: typeof this.ranked): void {
    this.hits = found;
    this.answered = asked;
    this.ranked = by;
    this.after(QUOTE_MS, () => {
      this.nDrawn = MAX_SHOWN;
      return this.quote(asked, found);
    });
  }

  private async quote(asked: string, hits: SearchHit[]): Promise<void> {
    try {
      const wanted = hits.map(({ kind, symbol, path, line, field }) => ({ kind, symbol, path, line, field }));
      const quoted = await this.explorer.source.snippets(asked, wanted);
      if (hits !== this.hits) return;
      this.snippets = new Map(quoted.flatMap((snippet, at) => (snippet ? [[keyOf(hits[at]!), snippet]] : [])));
    } catch {
      // Rows say where they lead without a quoted line too.
    }
  }

  private after(ms: number, run: () => unknown): void {
    this.timers.push(setTimeout(run, ms));
  }
}

export function keyOf({ symbol, path, line, kind }: SearchHit): string {
  return symbol >= 0 ? `${symbol}` : `${kind} ${path} ${line}`;
}

function groupsOf(hits: readonly SearchHit[], nHere: number): HitGroup[] {
  const here = hits.slice(0, nHere);
  const lists: [title: string, hits: SearchHit[]][] = [
    ['', here.filter(({ isAside }) => !isAside)],
    ['In tests and examples', here.filter(({ isAside }) => isAside)],
    ['More, by words and meaning', hits.slice(nHere)]
  ];
  let start = 0;
  return lists.flatMap(([title, hits]) => {
    const group = { title, start, hits };
    start += hits.length;
    return hits.length > 0 ? [group] : [];
  });
}
