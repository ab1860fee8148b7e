import type { StreamedEvent } from '$lib/api/client';

export interface Found {
  files: number;
  leftOut: number;
  symbols: number;
  relations: number;
  summaries: number;
  packBytes: number;
  /** Groups of symbols that belong together, the largest first. */
  parts: { label: string; symbols: number }[];
  /** The file that was read last. */
  lastFile: string | null;
}

/** Parts that are kept; the largest are shown. */
const MAX_PARTS = 2_000;

/** What a job has found so far, as its events tell: they come before the job's own counts. */
export class Findings {
  private readonly found: Found = {
    files: 0,
    leftOut: 0,
    symbols: 0,
    relations: 0,
    summaries: 0,
    packBytes: 0,
    parts: [],
    lastFile: null
  };
  private looked = 0;

  /** Looks at the events that were not there the last time. */
  look(events: readonly StreamedEvent[], nEvents: number): Found {
    for (; this.looked < nEvents; this.looked++) this.take(events[this.looked]!);
    return { ...this.found, parts: this.found.parts.toSorted((a, b) => b.symbols - a.symbols) };
  }

  private take({ event }: StreamedEvent): void {
    const { found } = this;
    switch (event.type) {
      case 'ingest.file_detected.v1':
        found.files += event.data.n_files;
        found.symbols += event.data.n_symbols;
        found.lastFile = event.data.file_path;
        break;
      case 'ingest.file_skipped.v1':
        found.leftOut++;
        break;
      case 'ingest.completed.v1':
        [found.files, found.symbols, found.leftOut] = [event.data.n_files, event.data.n_symbols, event.data.n_skipped];
        found.lastFile = null;
        break;
      case 'assembly.cluster_created.v1':
        if (found.parts.length < MAX_PARTS)
          found.parts.push({ label: event.data.label, symbols: event.data.n_members });
        break;
      case 'assembly.graph_completed.v1':
        found.relations = event.data.n_edges;
        break;
      case 'generation.completed.v1':
        found.summaries += event.data.n_symbols;
        break;
      case 'pack.completed.v1':
        found.packBytes = event.data.size_bytes;
        break;
    }
  }
}
