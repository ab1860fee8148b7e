// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { beforeAll, expect, test } from 'vitest';
import { packOf, VERSIONS } from '../../../tests/support/compat';
import { explorerOf } from '../../../tests/support/explorer';
import InExplorer from '../../../tests/support/InExplorer.svelte';
import { WORDS } from '$lib/docpack/records';
import { words } from '$lib/ui/format';
import { languageName } from '$lib/ui/language';
import FileTree from './FileTree.svelte';
import QualityPage from './QualityPage.svelte';
import SymbolList from './SymbolList.svelte';
import SymbolPanel from './SymbolPanel.svelte';

const KNOWN_KINDS: readonly string[] = WORDS.EdgeKind;

// jsdom lays nothing out, so there is nothing to scroll or to measure.
beforeAll(() => {
  Element.prototype.scrollTo = () => undefined;
  globalThis.ResizeObserver = class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  };
});

async function opened(version: string) {
  const { explorer, model } = await explorerOf('', {}, packOf(version));
  const textOf = async (component: unknown, given: Record<string, unknown> = {}) => {
    cleanup();
    const { container } = render(InExplorer, {
      explorer,
      shown: component as Component<Record<string, unknown>>,
      given
    });
    // What is asked of the pack is answered in a later turn.
    await new Promise((answered) => setTimeout(answered, 0));
    return container.textContent;
  };
  return { explorer, model, textOf };
}

test('there are packs of the first version and of a later one', ({ skip }) => {
  if (VERSIONS.length === 0) skip('tests/compat is not in this checkout');
  expect(VERSIONS).toEqual(expect.arrayContaining(['1.0', '1.7']));
});

test.each(VERSIONS)('a pack of version %s is read, verified and shown', async (version) => {
  const { model, textOf } = await opened(version);
  expect(model.pack.verify().checks.filter(({ ok }) => !ok)).toEqual([]);
  const list = await textOf(SymbolList);
  for (const name of model.table.names) expect(list).toContain(name);
  expect(await textOf(FileTree)).toContain(`${model.table.files.length} file`);
  const quality = await textOf(QualityPage);
  for (const { language } of model.pack.quality!.languages) expect(quality).toContain(languageName(language));
  for (const symbol of model.pack.symbols.keys()) {
    const detail = model.detail(symbol);
    const panel = await textOf(SymbolPanel, { detail, onclose: () => undefined });
    const { kind, visibility, role } = detail.record;
    for (const word of [kind, visibility, ...(role === null ? [] : [role])]) expect(panel).toContain(words(word));
    const related = [...detail.outgoing, ...detail.incoming].map(({ kind }) => kind);
    for (const kind of related.filter((kind) => !KNOWN_KINDS.includes(kind))) expect(panel).toContain(words(kind));
  }
});

test.skipIf(!VERSIONS.includes('1.7'))('source text and vectors of a later version are used', async () => {
  const { explorer, model } = await opened('1.7');
  expect(model.pack.vectors).not.toBeNull();
  const found = await Promise.all(model.table.files.map((_, file) => explorer.source.lines(file, 1, 5)));
  expect(found.some((lines) => lines !== null && lines.lines.length > 0)).toBe(true);
});
