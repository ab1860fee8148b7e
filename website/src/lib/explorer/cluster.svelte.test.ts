// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { beforeAll, expect, test } from 'vitest';
import { explorerOf } from '../../../tests/support/explorer';
import InExplorer from '../../../tests/support/InExplorer.svelte';
import ClusterHead from './ClusterHead.svelte';
import { clusterFacts, clusterJoins, cohesionWords } from './cluster-facts';
import SymbolPanel from './SymbolPanel.svelte';

// jsdom lays nothing out, so there is nothing to scroll.
beforeAll(() => void (Element.prototype.scrollTo = () => undefined));

const inExplorer = (
  explorer: Awaited<ReturnType<typeof explorerOf>>['explorer'],
  component: unknown,
  props: Record<string, unknown>
) => render(InExplorer, { explorer, shown: component as Component<Record<string, unknown>>, given: props });

test('a cluster’s facts are counted from its members and the dependencies between clusters', async () => {
  const { model } = await explorerOf();
  const { head, table, edges } = model;
  const facts = clusterFacts(head, table, clusterJoins(head, edges), 0);
  const members = model.pack.clusters[0]!.members.map((id) => model.indexOf.get(id)!);
  expect(facts.symbols).toBe(members.length);
  expect(facts.languages.reduce((sum, { symbols }) => sum + symbols, 0)).toBe(members.length);
  const most = Math.max(...members.map((symbol) => table.centrality[symbol]!));
  expect(table.centrality[facts.central[0]!]).toBe(most);
  // Edge by edge, as one would count by hand.
  const dependencies = model.pack.edges.filter(({ kind }) => !['contains', 'related', 'co_changed'].includes(kind));
  const clusterOf = (id: string) => head.cluster[model.indexOf.get(id)!]!;
  for (const { cluster, uses, usedBy } of facts.neighbours) {
    expect(uses).toBe(
      dependencies.filter(({ source, target }) => clusterOf(source) === 0 && clusterOf(target) === cluster).length
    );
    expect(usedBy).toBe(
      dependencies.filter(({ source, target }) => clusterOf(source) === cluster && clusterOf(target) === 0).length
    );
  }
  expect(facts.neighbours.length).toBeGreaterThan(0);
});

test('an isolated cluster has no neighbours and no central symbols', async () => {
  const { model } = await explorerOf();
  const table = { ...model.table, centrality: new Float32Array(model.table.ids.length) };
  expect(clusterFacts(model.head, table, [], 0)).toMatchObject({ central: [], neighbours: [] });
});

test.each([
  [0.9, 'high'],
  [0.5, 'medium'],
  [0.1, 'low']
])('cohesion %f is %s', (figure, word) => {
  expect(cohesionWords(figure, true)).toEqual({ word, meaning: expect.stringContaining('meaning') });
  expect(cohesionWords(figure, false)).toEqual({ word, meaning: expect.stringContaining('references') });
});

test('the head of a chosen cluster says what it is, and leads to its symbols and neighbours', async () => {
  const { explorer, model } = await explorerOf('?view=symbols');
  const { getByRole, getByText } = inExplorer(explorer, ClusterHead, { cluster: 0 });
  const { label, cohesion, member_count } = model.head.clusters[0]!;
  expect(getByRole('heading').textContent).toContain(`${label}${member_count} symbol`);
  getByRole('img', { name: `cohesion ${cohesion.toFixed(2)} of 1` });
  getByText('Connected to');
  const facts = clusterFacts(model.head, model.table, clusterJoins(model.head, model.edges), 0);
  await fireEvent.click(getByRole('button', { name: model.head.clusters[facts.neighbours[0]!.cluster]!.label }));
  expect(explorer.cluster).toBe(facts.neighbours[0]!.cluster);
  await fireEvent.click(getByRole('button', { name: model.table.names[facts.central[0]!]! }));
  expect(explorer.selected).toBe(facts.central[0]);
});

test('a symbol’s lines name its bytes', async () => {
  const { explorer, model } = await explorerOf();
  const detail = model.detail(1);
  detail.record = { ...detail.record, byte_range: { start: 1_200, end: 2_345 } };
  const { getByText } = inExplorer(explorer, SymbolPanel, { detail, onclose: () => undefined });
  expect(getByText('Lines').nextElementSibling!.getAttribute('title')).toBe('1,145 bytes, from offset 1,200');
});
