import { plainDetail } from '$lib/api/browser-text';
import type { Envelope } from '$lib/api/client';
import { bytes, count, counted, words } from '$lib/ui/format';
import { gapText } from '$lib/ui/gap';
import { duration, sentence, usd } from '$lib/ui/measure';
import { phaseName } from './phase';

export type Tone = 'plain' | 'begin' | 'end' | 'warn' | 'bad';

/** What the log shows of an event; the mark says by its form what the colour says. */
export interface EventLine {
  stage: string;
  tone: Tone;
  mark: string;
  text: string;
}

const MARKS: Record<Tone, string> = { plain: '·', begin: '▸', end: '✓', warn: '!', bad: '✕' };

export function describe(event: Envelope): EventLine {
  const [tone, text] = told(event);
  const stage = event.type === 'unit.try_lost.v1' ? event.data.stage : (event.type.split('.')[0] ?? '');
  return { stage, tone, mark: MARKS[tone], text };
}

function told(event: Envelope): [Tone, string] {
  switch (event.type) {
    case 'job.created.v1':
      return ['begin', event.data.parent ? `Accepted, repeats ${event.data.parent}` : 'Accepted'];
    case 'job.phase_changed.v1':
      return event.data.to === 'awaiting_approval'
        ? ['warn', 'Waiting for your approval']
        : ['plain', sentence(phaseName(event.data.to)).slice(0, -1)];
    case 'job.completed.v1':
      return jobEnd(event.data, Date.parse(event.time));
    case 'unit.try_lost.v1':
      return tryLost(event.data.n_tries, event.data.max_tries);
    case 'ingest.started.v1':
      return [
        'begin',
        `Reading the source${event.data.commit_hash ? ` at ${event.data.commit_hash.slice(0, 7)}` : ''}${event.data.size_bytes ? `, ${bytes(event.data.size_bytes)}` : ''}`
      ];
    case 'ingest.file_detected.v1':
      return [
        'plain',
        event.data.n_files > 1
          ? `${event.data.file_path} and ${counted(event.data.n_files - 1, 'file')} more: ${counted(event.data.n_symbols, 'symbol')}`
          : `${event.data.file_path}: ${counted(event.data.n_symbols, 'symbol')}`
      ];
    case 'ingest.file_skipped.v1':
      return ['warn', `${event.data.file_path} skipped: ${words(event.data.reason)}`];
    case 'ingest.file_partly_read.v1':
      return [
        'warn',
        `${event.data.file_path} partly read: ${gapText({ code: event.data.code, places: event.data.n_places, line: event.data.line ?? null })}`
      ];
    case 'ingest.chunk_created.v1':
      return ['plain', counted(event.data.n_chunks, 'chunk')];
    case 'assembly.cluster_created.v1':
      return ['plain', `Cluster “${event.data.label}”: ${counted(event.data.n_members, 'symbol')}`];
    case 'embedding.batch_started.v1':
      return ['plain', `Embedding ${counted(event.data.n_chunks, 'chunk')}`];
    case 'embedding.chunk_vector.v1':
      return ['plain', counted(event.data.n_chunks, 'vector')];
    case 'generation.symbol_documented.v1':
      return [
        'plain',
        `${counted(event.data.n_symbols, 'summary', 'summaries')}${event.data.n_tokens > 0 ? `, ${counted(event.data.n_tokens, 'token')}, ${usd(event.data.cost_micro_usd)}` : ''}`
      ];
    case 'embedding.started.v1':
      return ['begin', `${counted(event.data.n_chunks, 'chunk')} to embed`];
    case 'assembly.started.v1':
      return [
        'begin',
        `Building the graph from ${counted(event.data.n_symbols, 'symbol')} and ${counted(event.data.n_vectors, 'embedding')}`
      ];
    case 'generation.started.v1':
      return ['begin', `Writing ${writings(event.data.n_symbols)}`];
    case 'pack.started.v1':
      return ['begin', `Packing ${counted(event.data.n_symbols, 'symbol')}`];
    default:
      return ended(event);
  }
}

function tryLost(n: number, max: number): [Tone, string] {
  const what = `Attempt ${count(n)} of ${count(max)} stopped without an answer; running out of memory is the usual cause`;
  return n < max ? ['warn', `${what}. It is tried again`] : ['bad', `${what}. It is given up`];
}

type Ended = Extract<Envelope, { data: { status: unknown } }>;

/** The events that end something all say how it ended and how long it took. */
function ended(event: Envelope): [Tone, string] {
  if (!('status' in event.data)) return ['plain', event.type];
  const { status, duration_ms } = (event as Ended).data;
  const tone: Tone = status === 'success' ? 'end' : status === 'partial' ? 'warn' : 'bad';
  const outcome = status === 'success' ? '' : status === 'partial' ? ', incomplete' : ', failed';
  return [tone, `${counts(event)} in ${duration(duration_ms)}${outcome}`];
}

function counts(event: Envelope): string {
  switch (event.type) {
    case 'ingest.completed.v1':
      return `Read ${counted(event.data.n_files, 'file')}, ${counted(event.data.n_symbols, 'symbol')}, ${counted(event.data.n_chunks, 'chunk')}; skipped ${counted(event.data.n_skipped, 'file')}`;
    case 'embedding.batch_completed.v1':
      return `Embedded ${counted(event.data.n_chunks, 'chunk')}`;
    case 'embedding.completed.v1':
      return `Embedded ${counted(event.data.n_chunks, 'chunk')}, ${count(event.data.n_cached)} from the cache`;
    case 'assembly.graph_completed.v1':
      return `Built a graph of ${counted(event.data.n_nodes, 'symbol')} and ${counted(event.data.n_edges, 'edge')}`;
    case 'assembly.completed.v1':
      return `${counted(event.data.n_edges, 'edge')} and ${counted(event.data.n_clusters, 'cluster')} found`;
    case 'generation.completed.v1':
      return `Wrote ${writings(event.data.n_symbols)}${event.data.n_requests > 0 ? ` with ${counted(event.data.n_requests, 'request')}, ${usd(event.data.cost_micro_usd)}` : ''}`;
    case 'pack.completed.v1':
      return `Packed ${bytes(event.data.size_bytes)}`;
    default:
      return event.type;
  }
}

/** The unit without symbols writes about the repository as a whole. */
function writings(nSymbols: number): string {
  return nSymbols === 0 ? 'the overviews' : counted(nSymbols, 'summary', 'summaries');
}

function jobEnd(
  { phase, duration_ms, error }: Extract<Envelope, { type: 'job.completed.v1' }>['data'],
  atMs: number
): [Tone, string] {
  const took = duration(duration_ms);
  if (phase === 'cancelled') return ['warn', `Cancelled after ${took}`];
  if (error) return ['bad', `Failed after ${took}: ${plainDetail(error.message, atMs)}`];
  return phase === 'partial' ? ['warn', `Finished in ${took}, with parts missing`] : ['end', `Finished in ${took}`];
}

/** The local time of day with milliseconds. */
export function clock(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
