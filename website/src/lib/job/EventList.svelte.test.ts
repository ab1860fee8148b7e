// @vitest-environment jsdom
import { render } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';
import type { StreamedEvent } from '$lib/api/client';
import EventList from './EventList.svelte';

// jsdom lays nothing out, so there is no size to watch.
beforeAll(
  () =>
    void vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      }
    )
);

const base = {
  specversion: '1.0',
  source: 'doctown',
  subject: 's',
  datacontenttype: 'application/json',
  context: { owner: 'local' },
  meta: {}
};

function eventsOf(n: number): StreamedEvent[] {
  return Array.from({ length: n }, (_, at) => {
    const time = new Date(Date.UTC(2026, 0, 1) + at).toISOString();
    const event =
      at % 10 === 0
        ? { type: 'ingest.file_skipped.v1', data: { file_path: `<b>${at}</b>.py`, reason: 'too_large' } }
        : { type: 'ingest.file_detected.v1', data: { file_path: `f${at}.py`, n_files: 1, n_symbols: 1 } };
    return { cursor: `0.${at}`, event: { ...base, id: `${at}`, time, ...event } } as unknown as StreamedEvent;
  });
}

test('100,000 events are a few dozen rows, with milliseconds, and a path is only text', async () => {
  const { container, getByRole, rerender } = render(EventList, {
    props: { events: eventsOf(100_000), nEvents: 100_000, isOver: false }
  });
  getByRole('checkbox').click();
  await rerender({ nEvents: 100_000 });
  const rows = container.querySelectorAll('ol > li');
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThan(60);
  expect(rows[0]!.getAttribute('aria-setsize')).toBe('100000');
  expect(rows[1]!.querySelector('time')!.textContent).toMatch(/:00\.001$/);
  expect(rows[0]!.textContent).toContain('<b>0</b>.py skipped: too large');
  expect(container.querySelector('b')).toBeNull();
});

test('a lost attempt says which one of how many, and what follows', () => {
  const lost = (n_tries: number) => ({
    type: 'unit.try_lost.v1',
    data: {
      stage: 'embed',
      unit: 'u',
      try_number: n_tries,
      n_tries,
      max_tries: 3,
      last_seen_at: '2026-01-01T00:00:00.000Z'
    }
  });
  const events = [1, 3].map(
    (n) =>
      ({
        cursor: `0.${n}`,
        event: { ...base, id: `${n}`, time: '2026-01-01T00:00:00.000Z', ...lost(n) }
      }) as unknown as StreamedEvent
  );
  const { container } = render(EventList, { props: { events, nEvents: 2, isOver: false } });
  const [first, last] = container.querySelectorAll('ol > li');
  expect(first!.textContent).toContain('Attempt 1 of 3 stopped without an answer');
  expect(first!.textContent).toContain('It is tried again');
  expect(last!.textContent).toContain('It is given up');
});

test('files that were read and skipped are one row until every event is wanted', async () => {
  const events = eventsOf(200);
  const { container, getByRole, rerender } = render(EventList, { props: { events, nEvents: 100, isOver: false } });
  expect(container.querySelector('ol > li')!.textContent).toContain(
    'Read 90 files with 90 symbols, skipped 10 files (100 events)'
  );
  await rerender({ nEvents: 200 });
  expect(container.querySelector('ol > li')!.textContent).toContain('(200 events)');
  getByRole('checkbox').click();
  await rerender({ nEvents: 200 });
  expect(container.querySelector('ol > li')!.getAttribute('aria-setsize')).toBe('200');
});
