import { refusalOf, type Refusal } from '$lib/docpack/errors';
import {
  placesOf,
  type EdgeTable,
  type PackHead,
  type PackSource,
  type Progress,
  type SymbolDetail,
  type SymbolTable
} from '$lib/docpack/source';
import { hasProduct } from '$lib/map/scope';
import { decodePlace, encodePlace, START, type Place } from './url';

/** Where the explorer's place is kept: the site's address, or that of a file. */
export interface Address {
  read(): string;
  write(query: string, mode: 'push' | 'replace'): void;
  /** Writes a place as what a link leads to. */
  href(query: string): string;
  /** Calls back when the address was changed from outside; gives the way to stop. */
  listen(changed: () => void): () => void;
}

/** What the explorer shows of one pack, and where in it the reader is. */
export class ExplorerState {
  readonly source: PackSource;
  readonly fileName: string;
  /** Whether there are pages about codes where the explorer is. */
  readonly hasDocs: boolean;
  place = $state.raw<Place>(START);
  head = $state.raw<PackHead | null>(null);
  table = $state.raw<SymbolTable | null>(null);
  edges = $state.raw<EdgeTable | null>(null);
  progress = $state.raw<Progress | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  detail = $state.raw<SymbolDetail | null>(null);
  isSearching = $state(false);
  /** Whether there is room for something aside. */
  isWide = $state(true);
  /** What is done with the symbol that the search finds, where it is not simply opened. */
  picked = $state.raw<((symbol: number) => void) | null>(null);
  private readonly address: Address;

  readonly selected: number = $derived(this.placeOf(this.place.symbol));
  readonly cluster: number = $derived(
    this.place.cluster === null
      ? -1
      : (this.head?.clusters.findIndex(({ cluster_id }) => cluster_id === this.place.cluster) ?? -1)
  );

  constructor(source: PackSource, fileName: string, address: Address, hasDocs: boolean) {
    this.source = source;
    this.fileName = fileName;
    this.hasDocs = hasDocs;
    this.address = address;
    this.place = decodePlace(address.read());
  }

  /** Starts reading; gives the way to stop listening. */
  start(): () => void {
    this.source.onprogress = (progress) => (this.progress = progress);
    void this.load();
    return this.address.listen(() => {
      this.place = decodePlace(this.address.read());
      this.showDetail();
    });
  }

  private async load(): Promise<void> {
    try {
      // Asked for at once, so that the reader does not wait for this page.
      const [head, table, edges] = [this.source.head(), this.source.table(), this.source.edges()];
      for (const asked of [table, edges]) asked.catch(() => undefined);
      this.head = await head;
      this.table = await table;
      this.edges = await edges;
      await this.loadDetail();
    } catch (error) {
      this.refusal = refusalOf(error);
    }
  }

  /** A reader that does not answer any more has nothing else either. */
  private showDetail(): void {
    this.loadDetail().catch((error: unknown) => (this.refusal = refusalOf(error)));
  }

  private async loadDetail(): Promise<void> {
    const selected = this.selected;
    if (selected < 0) {
      this.detail = null;
      return;
    }
    const detail = await this.source.detail(selected);
    if (this.selected === selected) this.detail = detail;
  }

  /** Goes to another place; a step that one would want to go back from is pushed, others replace. */
  go(change: Partial<Place>, mode: 'push' | 'replace' = 'push'): void {
    const { view } = this.place;
    const left = change.view !== undefined && change.view !== 'impact' ? { to: START.to, depth: START.depth } : {};
    // What was asked is no filter of a list.
    const asked = view === 'ask' && change.view !== undefined && change.view !== 'ask' ? { text: START.text } : {};
    this.place = { ...this.place, ...left, ...asked, ...change };
    this.address.write(encodePlace(this.place), mode);
    if ('symbol' in change) this.showDetail();
  }

  /** Goes elsewhere from what stands aside: where there is no room for both, that is closed. */
  leave(change: Partial<Place>): void {
    this.go(this.isWide ? change : { ...change, symbol: null });
  }

  /** Opens the search for one symbol. */
  pick(picked: (symbol: number) => void): void {
    this.picked = picked;
    this.isSearching = true;
  }

  /** The place of a symbol by its id; -1 for one that the pack does not have. */
  placeOf(id: string | null): number {
    return id === null || this.table === null ? -1 : (placesOf(this.table).get(id) ?? -1);
  }

  select(symbol: number): void {
    const id = this.table?.ids[symbol] ?? null;
    if (id !== this.place.symbol) this.go({ symbol: id });
  }

  /** What a link to source text leads to: the Files view keeps its symbol aside, elsewhere the text takes its place. */
  toCode(file: string, line = 0): Partial<Place> {
    return this.place.view === 'files' ? { file, line } : { symbol: null, file, line };
  }

  /** What a link to a folder leads to: its part of the map, with tests where it holds nothing else. */
  toFolder(folder: string): Partial<Place> {
    const withTests = this.place.withTests || (this.table !== null && !hasProduct(this.table, folder));
    return { view: 'map', part: folder, inside: null, rest: 0, withTests };
  }

  /** Lists the symbols of a cluster. */
  selectCluster(cluster: number): void {
    this.leave({ view: 'symbols', cluster: this.head?.clusters[cluster]?.cluster_id ?? null });
  }

  /** The address of the same view with a change, for links that may be opened elsewhere. */
  hrefOf(change: Partial<Place>): string {
    return this.address.href(encodePlace({ ...this.place, ...change }));
  }
}
