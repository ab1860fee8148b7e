import { expect, test } from 'vitest';
import type { StreamedEvent } from '$lib/api/client';
import { describeRow, LogRows } from './log-rows';

const event = (type: string, data: object) => ({ cursor: type, event: { type, data } }) as unknown as StreamedEvent;
const batch = [
  event('embedding.batch_started.v1', { n_chunks: 17 }),
  event('embedding.completed.v1', { n_chunks: 17, n_cached: 0, status: 'success', duration_ms: 1 })
];

test('batches of embeddings are one row with their sum, however they come', () => {
  const events = [event('job.created.v1', { parent: null }), ...batch, ...batch, ...batch];
  const log = new LogRows();
  expect(log.look(events, 2)).toHaveLength(2);
  expect(log.look(events, 7)).toMatchObject([
    { first: 0, nEvents: 1 },
    { first: 1, nEvents: 6 }
  ]);
  expect(describeRow(events, log.rows[1]!).text).toBe('Embedded 51 chunks (6 events)');
});

test('files that were read and left out are one row; one that was read in part keeps its own', () => {
  const events = [
    event('ingest.file_detected.v1', { file_path: 'a.py', n_files: 16, n_symbols: 100 }),
    event('ingest.file_skipped.v1', { file_path: 'b.bin', reason: 'binary' }),
    event('ingest.file_partly_read.v1', { file_path: 'c.py', code: 'syntax_error', n_places: 1, line: 3 }),
    event('ingest.file_skipped.v1', { file_path: 'd.bin', reason: 'binary' })
  ];
  const rows = new LogRows().look(events, events.length);
  expect(rows.map((row) => describeRow(events, row).text)).toEqual([
    'Read 16 files with 100 symbols, skipped 1 file (2 events)',
    'c.py partly read: 1 place, line 3',
    'd.bin skipped: binary'
  ]);
});
