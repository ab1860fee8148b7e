import { expect, test } from 'vitest';
import type { StreamedEvent } from '$lib/api/client';
import { Findings } from './findings';

const event = (type: string, data: object) => ({ cursor: type, event: { type, data } }) as unknown as StreamedEvent;

test('files and symbols grow with each event, and the end of reading has the last word', () => {
  const events = [
    event('ingest.file_detected.v1', { file_path: 'a.py', n_files: 16, n_symbols: 100 }),
    event('ingest.file_skipped.v1', { file_path: 'b.bin', reason: 'binary' }),
    event('ingest.file_detected.v1', { file_path: 'c.py', n_files: 4, n_symbols: 20 }),
    event('ingest.completed.v1', { n_files: 21, n_symbols: 121, n_skipped: 2 })
  ];
  const findings = new Findings();
  expect(findings.look(events, 2)).toMatchObject({ files: 16, symbols: 100, leftOut: 1, lastFile: 'a.py' });
  expect(findings.look(events, 3)).toMatchObject({ files: 20, symbols: 120, lastFile: 'c.py' });
  expect(findings.look(events, 4)).toMatchObject({ files: 21, symbols: 121, leftOut: 2, lastFile: null });
});

test('the largest part comes first', () => {
  const events = [
    event('assembly.cluster_created.v1', { label: 'small', n_members: 2 }),
    event('assembly.cluster_created.v1', { label: 'large', n_members: 9 })
  ];
  expect(new Findings().look(events, 2).parts.map(({ label }) => label)).toEqual(['large', 'small']);
});
