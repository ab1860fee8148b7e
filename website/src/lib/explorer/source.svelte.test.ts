// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { beforeAll, expect, test } from 'vitest';
import { withRoles, withSource } from '../../../tests/support/additions';
import { explorerOf } from '../../../tests/support/explorer';
import InExplorer from '../../../tests/support/InExplorer.svelte';
import { hexId, SMALL, synthetic } from '../../../tests/support/synthetic';
import type { Contents } from '../../../tests/support/writer';
import type { PackSource } from '$lib/docpack/source';
import SymbolPanel from './SymbolPanel.svelte';

// jsdom lays nothing out, so there is nothing to scroll.
beforeAll(() => void (Element.prototype.scrollTo = () => undefined));

type Json = Record<string, any>; // eslint-disable-line
const textOf = (path: string) => Array.from({ length: 90 }, (_, n) => `line ${n + 1} of ${path}\n`).join('');

async function panelOf(contents: Contents, symbol: number, changes: Partial<PackSource> = {}) {
  const { explorer, model } = await explorerOf('', changes, contents);
  const given = { detail: model.detail(symbol), onclose: () => undefined };
  return {
    model,
    ...render(InExplorer, { explorer, shown: SymbolPanel as unknown as Component<Record<string, unknown>>, given })
  };
}

test('a symbol shows its lines with their numbers', async () => {
  const { findByRole, model } = await panelOf(withSource(synthetic(SMALL), textOf), 2);
  const { name, file_path, line_range } = model.pack.symbols[2]!;
  const source = await findByRole('group', { name: `Source of ${name}` });
  const rows = Array.from(source.querySelectorAll('li'), (row) => row.textContent);
  expect(rows).toEqual(
    Array.from(
      { length: line_range.end - line_range.start + 1 },
      (_, n) => `${line_range.start + n} line ${line_range.start + n} of ${file_path}`
    )
  );
});

test('more than 40 lines are shown when they are asked for', async () => {
  const contents = withSource(synthetic(SMALL), textOf);
  (contents.get('nodes.json') as Json).symbols[2].line_range = { start: 3, end: 62 };
  const { findByRole, getByRole, queryByRole } = await panelOf(contents, 2);
  const source = await findByRole('group', { name: /^Source of/ });
  expect(source.querySelectorAll('li').length).toBe(40);
  await fireEvent.click(getByRole('button', { name: 'Show more, 20 lines left' }));
  await expect.poll(() => source.querySelectorAll('li').length).toBe(60);
  expect(source.querySelector('li:last-child')!.textContent).toMatch(/^62 line 62 of/);
  expect(queryByRole('button', { name: /^Show more/ })).toBeNull();
});

test('a call opens at its line with two lines around it', async () => {
  const contents = withSource(synthetic(SMALL), textOf);
  const edges: Json[] = (contents.get('graph.json') as Json).edges;
  const call = edges.find(({ kind }) => kind === 'calls')!;
  call.sites = [
    { line: 30, byte_start: 1 },
    { line: 50, byte_start: 2 }
  ];
  const symbol = parseInt(call.source.slice(-4), 16);
  const { getAllByRole, findByRole } = await panelOf(contents, symbol);
  const button = getAllByRole('button', { name: /^line 30 \+1 of .*show the source$/ })[0]!;
  await fireEvent.click(button);
  const excerpt = await findByRole('group', { name: /^Line 30 of/ });
  expect(Array.from(excerpt.querySelectorAll('li'), (row) => row.textContent!.split(' ')[0])).toEqual([
    '28',
    '29',
    '30',
    '31',
    '32'
  ]);
  expect(excerpt.querySelector('mark')!.textContent).toMatch(/^line 30 of/);
  await findByRole('group', { name: /^Line 50 of/ });
  expect(button.getAttribute('aria-expanded')).toBe('true');
});

test('a pack without source text says so, and calls still tell their lines', async () => {
  const { getByText, getAllByText } = await panelOf(synthetic(SMALL), 2);
  getByText('This pack was built without source text.');
  expect(getAllByText('line 3').length).toBeGreaterThan(0);
});

test('a file without text and a part that does not come are told', async () => {
  const contents = withSource(synthetic(SMALL), textOf);
  (contents.get('source_index.json') as Json).files = [];
  const none = await panelOf(contents, 2);
  await none.findByText('The pack does not have the text of this file.');
  none.unmount();
  const { findByRole } = await panelOf(withSource(synthetic(SMALL), textOf), 2, {
    code: () => Promise.reject(new Error('gone'))
  });
  expect((await findByRole('alert')).textContent).toContain('Could not load the source');
});

test('no text of a file becomes markup, and none is reordered', async () => {
  const { findByRole, container } = await panelOf(
    withSource(synthetic(SMALL), () => `<img src=x onerror=alert(1)>${String.fromCodePoint(0x202e)}\n`.repeat(90)),
    2
  );
  const source = await findByRole('group', { name: /^Source of/ });
  expect(source.textContent).toContain('<img src=x onerror=alert(1)>⟨U+202E⟩');
  expect(container.querySelector('img')).toBeNull();
});

test('callers in tests stand below the others with their number, and a role has its reason', async () => {
  const contents = synthetic(SMALL);
  const { edges } = contents.get('graph.json') as Json;
  const [target, product, test] = [0, 13, 25].map((n) => hexId('sym_', n));
  edges.splice(
    0,
    edges.length,
    ...[product, test].map((source) => ({ source, target, kind: 'calls', confidence: 1, evidence: 'scope', sites: [] }))
  );
  const { symbols } = contents.get('nodes.json') as Json;
  withRoles(contents, (path) => (path === symbols[25].file_path ? ['test', 'path:tests/'] : ['product', 'default']));
  const { getByText, getByRole, model } = await panelOf(contents, 0);
  const group = getByText('In tests').closest('details')!;
  expect(group.open).toBe(false);
  expect(group.querySelector('summary')!.textContent).toBe('In tests1');
  expect(group.textContent).toContain(model.table.names[25]);
  expect(getByRole('link', { name: new RegExp(model.table.names[13]!) }).closest('details')).toBeNull();
  expect(getByText('Role').nextElementSibling!.textContent).toBe('product');
});
