// @vitest-environment jsdom
import { render } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Job, StreamedEvent } from '$lib/api/client';
import FileNotes from './FileNotes.svelte';

const COMMIT = 'a'.repeat(40);

function jobOf(filesPartlyRead: number, more: object = {}): Job {
  const statistics = {
    parse_errors: filesPartlyRead * 2,
    files_with_errors: filesPartlyRead,
    files_partly_read: filesPartlyRead,
    skipped: {}
  };
  return {
    repo_url: 'https://github.com/owner/repo',
    commit_hash: COMMIT,
    is_over: true,
    statistics,
    ...more
  } as unknown as Job;
}

function eventsOf(n: number): StreamedEvent[] {
  return Array.from({ length: n }, (_, at) => {
    const data = { file_path: `src/<b>${at}</b>.py`, code: 'syntax_error', n_places: 2, line: 7 };
    return { cursor: `0.${at}`, event: { type: 'ingest.file_partly_read.v1', data } } as unknown as StreamedEvent;
  });
}

const rowsOf = (container: HTMLElement) => container.querySelectorAll('ul[aria-label="Partly read files"] > li');

test('each file is named with its places and leads to the line, and a path is only text', () => {
  const { container } = render(FileNotes, {
    props: { job: jobOf(2), events: eventsOf(2), nEvents: 2, areEventsWhole: true }
  });
  const rows = rowsOf(container);
  expect(rows[0]!.textContent).toMatch(/src\/<b>0<\/b>\.py\s*2 places, the first on line 7/);
  expect(rows[0]!.querySelector('a')!.getAttribute('href')).toBe(
    `https://github.com/owner/repo/blob/${COMMIT}/src/%3Cb%3E0%3C/b%3E.py#L7-L7`
  );
  expect(rows.length).toBe(2);
  expect(container.querySelector('li b')).toBeNull();
  expect(container.textContent).toContain('4 places in 2 files could not be parsed; the code around them was read.');
  expect(container.textContent).not.toContain('more');
});

test('past 200 files the rest is counted, those without an event too', () => {
  const { container } = render(FileNotes, {
    props: { job: jobOf(1_000), events: eventsOf(500), nEvents: 500, areEventsWhole: true }
  });
  expect(rowsOf(container).length).toBe(200);
  expect(container.textContent).toContain('and 800 more files');
});

test('a second try names the same files again, and they are listed once', () => {
  const { container } = render(FileNotes, {
    props: { job: jobOf(2), events: [...eventsOf(2), ...eventsOf(2)], nEvents: 4, areEventsWhole: true }
  });
  expect(rowsOf(container).length).toBe(2);
});

test('files that events no longer name are in the pack', () => {
  const { container } = render(FileNotes, {
    props: { job: jobOf(3, { docpack_id: `sha256:${'b'.repeat(64)}` }), events: [], nEvents: 0, areEventsWhole: true }
  });
  expect(container.textContent!.replace(/\s+/g, ' ')).toContain('Their names are no longer in the event log');
  expect(container.querySelector('a')!.getAttribute('href')).toBe(`/packs/${'b'.repeat(64)}?view=quality`);
});

test('where all was read there is nothing to say', () => {
  const { container } = render(FileNotes, { props: { job: jobOf(0), events: [], nEvents: 0, areEventsWhole: true } });
  expect(container.textContent!.trim()).toBe('');
});
