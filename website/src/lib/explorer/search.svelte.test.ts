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
  field: 'name'
});

async function palette(changes: Partial<PackSource> = {}) {
  const { explorer, model } = await explorerOf('', changes);
  const shown = render(InExplorer, {
    explorer,
    shown: SearchPalette as unknown as Component<Record<string, unknown>>,
    given: { onclose: () => undefined }
  });
  const type = (text: string) => fireEvent.input(shown.container.querySelector('input')!, { target: { value: text } });
  const rows = () => Array.from(shown.container.querySelectorAll('[role=option]'), (row) => row.textContent!.trim());
  return { explorer, model, type, rows, ...shown };
}

test('rows that are drawn keep their places when the server answers, and its other finds come under them', async () => {
  let answer: (ranked: Ranked) => void = () => undefined;
  const rank = () => new Promise<Ranked>((resolve) => (answer = resolve));
  const search = async () => [symbolHit(1), symbolHit(2)];
  const { type, rows } = await palette({ search, rank });
  await type('words of it');
  await expect.poll(() => rows().length).toBe(2);
  const drawn = rows();
  await new Promise((asked) => setTimeout(asked, 250));
  answer({ hits: [symbolHit(3), symbolHit(2), symbolHit(1)], byMeaning: true });
  await expect.poll(() => rows().length).toBe(3);
  expect(rows().slice(0, 2)).toEqual(drawn);
});

test('a file that is found opens as the list of its symbols', async () => {
  const { explorer, model, type, rows, container } = await palette();
  const { path } = model.table.files[0]!;
  await type(path);
  await expect.poll(() => rows()[0] ?? '').toContain('file');
  await fireEvent.click(container.querySelector('[role=option]')!);
  expect(explorer.place).toMatchObject({ view: 'symbols', path });
});
