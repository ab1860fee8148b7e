import type { ApiClient, Envelope, StreamedEvent } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { EventStreamParser } from '$lib/api/sse';
import type { EventLog } from './event-log';

export type Connection = 'connecting' | 'live' | 'polling' | 'waiting' | 'over';

export interface Followed {
  /** Called after events were added to the log. */
  onevents: () => void;
  onconnection: (connection: Connection) => void;
  /** Called with what will not pass by itself; following has ended. */
  onfailure: (error: ApiError) => void;
}

/** Times of waiting, in one place so that tests can shorten them. */
export interface Pace {
  firstRetryMs: number;
  longestRetryMs: number;
  pollMs: number;
  /** The server says something every 15 s; after so long a silence the way is cut. */
  silenceMs: number;
}

export const PACE: Pace = { firstRetryMs: 500, longestRetryMs: 10_000, pollMs: 2_000, silenceMs: 40_000 };

/** Streams that end before their first byte, in a row, until the events are asked for page by page. */
const STREAMS_BEFORE_POLLING = 3;
const PAGE_EVENTS = 1_000;
/** Some hundred events: parsing them takes less than a frame or two. */
const PIECE_CHARS = 1 << 18;

/**
 * Follows a job's events until its last one or until the signal.
 *
 * A stream that is cut is opened again behind the last event; where streams do not come through, because a
 * proxy gathers answers or refuses streams, the events are asked for in pages.
 */
export async function follow(
  api: ApiClient,
  job: string,
  log: EventLog,
  told: Followed,
  signal: AbortSignal,
  pace: Pace = PACE
): Promise<void> {
  let fruitless = 0;
  let failures = 0;
  told.onconnection('connecting');
  while (!signal.aborted && !log.isOver) {
    const isPolling = fruitless >= STREAMS_BEFORE_POLLING;
    try {
      const came = isPolling
        ? await poll(api, job, log, told, signal)
        : await stream(api, job, log, told, signal, pace);
      if (came === 'end') break;
      fruitless = came === 'something' ? 0 : fruitless + 1;
      failures = 0;
      // Once in polling it stays there: the way that gathers answers is still the same.
      if (isPolling) fruitless = STREAMS_BEFORE_POLLING;
      const restMs = isPolling ? pace.pollMs : pace.firstRetryMs;
      await pause(isPolling && came === 'something' ? 0 : restMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'too_many_streams') {
        fruitless = STREAMS_BEFORE_POLLING;
        continue;
      }
      if (!error.isPassing && !isRefusedStream(error, isPolling)) return told.onfailure(error);
      // Where pages are refused too, it is not the streams: both are tried until one comes through.
      fruitless = isPolling ? 0 : fruitless + (isRefusedStream(error, isPolling) ? 1 : 0);
      told.onconnection('waiting');
      await pause(error.retryAfterMs ?? Math.min(pace.longestRetryMs, pace.firstRetryMs * 2 ** failures++), signal);
    }
  }
  if (!signal.aborted) told.onconnection('over');
}

/** An answer of a proxy, or of an API that has no streams to give now; no answer at all says nothing about streams. */
function isRefusedStream(error: ApiError, isPolling: boolean): boolean {
  return !isPolling && (error.status >= 500 || error.code === 'api_unreadable');
}

type Came = 'something' | 'nothing' | 'end';

async function stream(
  api: ApiClient,
  job: string,
  log: EventLog,
  told: Followed,
  signal: AbortSignal,
  pace: Pace
): Promise<Came> {
  const cut = new AbortController();
  const stop = () => cut.abort();
  signal.addEventListener('abort', stop);
  let silence = setTimeout(stop, pace.silenceMs);
  let came: Came = 'nothing';
  try {
    const body = await api.stream(job, log.cursor, cut.signal);
    if (body === null) return 'end';
    const parser = new EventStreamParser();
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return came;
      clearTimeout(silence);
      silence = setTimeout(stop, pace.silenceMs);
      if (came === 'nothing') told.onconnection('live');
      came = 'something';
      // A long past comes in large pieces; the page draws between parts of them.
      for (let at = 0; at < value.length; at += PIECE_CHARS) {
        if (at > 0) await pause(0, signal);
        const events = parser.push(value.slice(at, at + PIECE_CHARS));
        if (
          log.add(events.map(({ id, data }): StreamedEvent => ({ cursor: id, event: JSON.parse(data) as Envelope }))) >
          0
        )
          told.onevents();
      }
      if (log.isOver) return 'end';
    }
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    // The stream was cut, by the network or by silence: what is behind the last whole event comes again.
    return came;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
    cut.abort();
  }
}

async function poll(api: ApiClient, job: string, log: EventLog, told: Followed, signal: AbortSignal): Promise<Came> {
  const after = log.cursor;
  const page = await api.events(job, { limit: PAGE_EVENTS, ...(after !== null && { after }) }, signal);
  told.onconnection('polling');
  const added = log.add(page.events);
  if (added > 0) told.onevents();
  if (page.is_over) return 'end';
  return added > 0 ? 'something' : 'nothing';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    function end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    }
  });
}
