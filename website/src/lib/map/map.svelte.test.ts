// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { expect, test } from 'vitest';
import { withRoles } from '../../../tests/support/additions';
import { explorerOf } from '../../../tests/support/explorer';
import InExplorer from '../../../tests/support/InExplorer.svelte';
import { SMALL, synthetic } from '../../../tests/support/synthetic';
import MapPage from './MapPage.svelte';

const asPage = MapPage as unknown as Component<Record<string, unknown>>;

/** The map of a small pack, whose last file is a test. */
async function mapOf(query = 'view=map', isWide = true) {
  const contents = withRoles(synthetic({ ...SMALL, symbols: 120, edges: 300 }), (path) =>
    /00009/.test(path) ? ['test', 'path:tests/'] : ['product', 'default']
  );
  const { explorer } = await explorerOf(query, {}, contents);
  return { explorer, ...render(InExplorer, { explorer, shown: asPage, given: { isWide } }) };
}

const names = (container: Element) =>
  Array.from(container.querySelectorAll('svg a'), (link) => link.getAttribute('aria-label') ?? '');

test('the parts of a pack are links with their names, and opening one goes into it', async () => {
  const { container, explorer } = await mapOf();
  const [first] = container.querySelectorAll<SVGAElement>('svg a');
  expect(names(container).length).toBeGreaterThan(2);
  expect(names(container).every((name) => /, (folder|file)$|more/.test(name))).toBe(true);
  await fireEvent.click(first!);
  expect(explorer.place.part).not.toBe('');
  expect(explorer.place.view).toBe('map');
});

test('the switch brings tests, and a link holds it', async () => {
  const { container, explorer, getByRole } = await mapOf();
  const before = names(container).length;
  await fireEvent.click(getByRole('switch', { name: 'Tests and examples' }));
  expect(explorer.place.withTests).toBe(true);
  expect(names(container).length).toBeGreaterThan(before);
  expect(names(container).some((name) => /, test, file$/.test(name))).toBe(true);
});

test('a focused part lists what it uses with the references behind it', async () => {
  const { container, findAllByRole, explorer } = await mapOf();
  await fireEvent.focus(container.querySelector('svg a')!);
  const [joins] = await findAllByRole('region', { name: /^(Uses|Used by)$/ });
  const [symbol] = joins!.querySelectorAll('a');
  await fireEvent.click(symbol!);
  expect(explorer.place.symbol).toMatch(/^sym_/);
});

test('Escape goes up, one step at a time', async () => {
  const { container, explorer } = await mapOf();
  await fireEvent.click(container.querySelector('svg a')!);
  const opened = explorer.place.part;
  await fireEvent.keyDown(container.querySelector('svg')!, { key: 'Escape' });
  expect(explorer.place.part).not.toBe(opened);
});

test('a narrow screen has the same parts as a list with what each uses', async () => {
  const { container, getByRole } = await mapOf('view=map', false);
  expect(container.querySelector('svg[role=group]')).toBeNull();
  const list = getByRole('region', { name: 'Parts' });
  expect(list.querySelectorAll('li').length).toBeGreaterThan(2);
  expect(list.textContent).toMatch(/uses|used by/);
});

test('a pack without code says so', async () => {
  const { explorer } = await explorerOf('view=map', {}, synthetic({ ...SMALL, symbols: 0, edges: 0, clusters: 0 }));
  const { findByText } = render(InExplorer, { explorer, shown: asPage, given: { isWide: true } });
  await findByText(/^There is no code here\./);
});
