// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { beforeAll, expect, test } from 'vitest';
import { explorerOf } from '../../../tests/support/explorer';
import InExplorer from '../../../tests/support/InExplorer.svelte';
import type { PackSource, Ranked, SearchHit } from '$lib/docpack/source';
import SearchPalette from './SearchPalette.svelte';

// jsdom has no modal dialogs and lays nothing out.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  Element.prototype.scrollIntoView = () => undefined;
});

const symbolHit = (symbol: number): SearchHit => ({
  kind: 'symbol',
  symbol,
  name: '',
  path: '',
  line: null,
  field: 'name',
  isAside: false
});

async function palette(changes: Partial<PackSource> = {}, onopened: (symbol: number) => void = () => undefined) {
  const { explorer, model } = await explorerOf('', changes);
  const shown = render(InExplorer, {
    explorer,
    shown: SearchPalette as unknown as Component<Record<string, unknown>>,
    given: { onclose: () => undefined, onopened }
  });
  const type = (text: string) => fireEvent.input(shown.container.querySelector('input')!, { target: { value: text } });
  const rows = () => Array.from(shown.container.querySelectorAll('[role=option]'), (row) => row.textContent!.trim());
  return { explorer, model, type, rows, ...shown };
}

test('rows that are drawn keep their places when the server answers, and its other finds come under them', async () => {
  let answer: (ranked: Ranked) => void = () => undefined;
  const rank = () => new Promise<Ranked>((resolve) => (answer = resolve));
  const search = async () => [symbolHit(1), symbolHit(2)];
  const { type, rows, container } = await palette({ search, rank });
  await type('words of it');
  await expect.poll(() => rows().length).toBe(2);
  const names = () => Array.from(container.querySelectorAll('[role=option] .font-medium'), (name) => name.textContent);
  const drawn = names();
  await new Promise((asked) => setTimeout(asked, 250));
  answer({ hits: [symbolHit(3), symbolHit(2), symbolHit(1)], byMeaning: true });
  await expect.poll(() => rows().length).toBe(3);
  expect(names().slice(0, 2)).toEqual(drawn);
});

test('a file that is found is read, and a folder is shown on the map', async () => {
  const { explorer, model, type, rows, container } = await palette();
  const { path } = model.table.files[0]!;
  await type(path);
  await expect.poll(() => rows()[0] ?? '').toContain('file');
  await fireEvent.click(container.querySelector('[role=option]')!);
  expect(explorer.place).toMatchObject({ view: 'files', file: path, symbol: null });
  const folder = path.slice(0, path.lastIndexOf('/'));
  await type(folder);
  await expect.poll(() => rows().some((row) => row.includes('folder'))).toBe(true);
  const row = Array.from(container.querySelectorAll('[role=option]')).find((row) => / folder/.test(row.textContent!));
  await fireEvent.click(row!);
  expect(explorer.place).toMatchObject({ view: 'map', part: folder, withTests: false });
});

test('each row says in words what it is and where, and quotes a line with the words of the query', async () => {
  const { type, container, model } = await palette();
  const at = model.table.qualifiedNames.findIndex((_, n) => model.pack.symbols[n]!.doc_comment !== null);
  const { name, kind, file_path } = model.pack.symbols[at]!;
  await type(name);
  const row = () => container.querySelector('[role=option]')!;
  await expect.poll(() => row()?.textContent ?? '').toContain(kind.replaceAll('_', ' '));
  expect(row().textContent).toContain(file_path);
  expect(row().querySelector('mark')!.textContent).not.toBe('');
  await expect.poll(() => row().querySelector('.text-ink-2:not(:nth-child(2))')!.textContent).not.toBe('');
});

test('code of tests comes after all of the product, under a heading of its own', async () => {
  const search = async () => [symbolHit(1), symbolHit(2), { ...symbolHit(3), isAside: true }];
  const { type, container } = await palette({ search });
  await type('anything');
  await expect.poll(() => container.querySelectorAll('[role=group]').length).toBe(2);
  const last = container.querySelectorAll('[role=group]')[1]!;
  expect(last.getAttribute('aria-label')).toBe('In tests and examples');
  expect(last.querySelectorAll('[role=option]').length).toBe(1);
});

test('what was chosen with Enter is handed on, so that the focus can go there', async () => {
  const opened: number[] = [];
  const { explorer, type, container } = await palette({ search: async () => [symbolHit(1)] }, (hit) =>
    opened.push(hit)
  );
  await type('anything');
  await expect.poll(() => container.querySelectorAll('[role=option]').length).toBe(1);
  await fireEvent.keyDown(container.querySelector('input')!, { key: 'Enter' });
  expect(opened).toEqual([1]);
  expect(explorer.selected).toBe(1);
});
