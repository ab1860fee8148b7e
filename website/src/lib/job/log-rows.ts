import type { Envelope, StreamedEvent } from '$lib/api/client';
import { count, counted } from '$lib/ui/format';
import { describe, type EventLine } from './describe';

/** A row of the log: one event, or a run of small ones that say the same of other files, chunks or symbols. */
export interface LogRow {
  /** Place of the first event. */
  first: number;
  nEvents: number;
  /** What the events come to; null for one that stands alone. */
  sums: Sums | null;
}

type Sums = Record<'files' | 'symbols' | 'skipped' | 'chunks' | 'embedded' | 'groups' | 'summaries', number>;

/** Events of which there is one for each file, batch or group. */
const SMALL = new Set([
  'ingest.file_detected.v1',
  'ingest.file_skipped.v1',
  'ingest.chunk_created.v1',
  'assembly.cluster_created.v1',
  'embedding.batch_started.v1',
  'embedding.batch_completed.v1',
  'embedding.chunk_vector.v1',
  'embedding.started.v1',
  'embedding.completed.v1',
  'generation.symbol_documented.v1',
  'generation.started.v1',
  'generation.completed.v1'
]);

const familyOf = (event: Envelope) => (SMALL.has(event.type) ? (event.type.split('.')[0] ?? '') : null);

/** Groups the events of a log as they come. */
export class LogRows {
  readonly rows: LogRow[] = [];
  private looked = 0;
  private family: string | null = null;

  look(events: readonly StreamedEvent[], nEvents: number): readonly LogRow[] {
    for (; this.looked < nEvents; this.looked++) {
      const { event } = events[this.looked]!;
      const family = familyOf(event);
      let row = this.rows.at(-1);
      if (row?.sums && family !== null && family === this.family) row.nEvents++;
      else this.rows.push((row = { first: this.looked, nEvents: 1, sums: family === null ? null : noSums() }));
      if (row.sums) add(row.sums, event);
      this.family = family;
    }
    return this.rows;
  }
}

/** Says what a row's events come to. */
export function describeRow(events: readonly StreamedEvent[], { first, nEvents, sums }: LogRow): EventLine {
  const line = describe(events[first]!.event);
  if (nEvents === 1 || !sums) return line;
  const parts = [
    sums.files > 0 && `Read ${counted(sums.files, 'file')} with ${counted(sums.symbols, 'symbol')}`,
    sums.skipped > 0 && `skipped ${counted(sums.skipped, 'file')}`,
    sums.files === 0 && sums.chunks > 0 && counted(sums.chunks, 'chunk'),
    sums.embedded > 0 && `Embedded ${counted(sums.embedded, 'chunk')}`,
    sums.groups > 0 && `Found ${counted(sums.groups, 'group')} of related code`,
    sums.summaries > 0 && `Wrote ${counted(sums.summaries, 'summary', 'summaries')}`
  ].filter((part) => part !== false);
  const text = parts.length > 0 ? parts.join(', ') : line.text;
  return { stage: line.stage, tone: 'plain', mark: '·', text: `${text} (${count(nEvents)} events)` };
}

function noSums(): Sums {
  return { files: 0, symbols: 0, skipped: 0, chunks: 0, embedded: 0, groups: 0, summaries: 0 };
}

function add(sums: Sums, event: Envelope): void {
  switch (event.type) {
    case 'ingest.file_detected.v1':
      sums.files += event.data.n_files;
      sums.symbols += event.data.n_symbols;
      break;
    case 'ingest.file_skipped.v1':
      sums.skipped++;
      break;
    case 'ingest.chunk_created.v1':
      sums.chunks += event.data.n_chunks;
      break;
    case 'embedding.completed.v1':
      sums.embedded += event.data.n_chunks;
      break;
    case 'assembly.cluster_created.v1':
      sums.groups++;
      break;
    case 'generation.completed.v1':
      sums.summaries += event.data.n_symbols;
      break;
  }
}
