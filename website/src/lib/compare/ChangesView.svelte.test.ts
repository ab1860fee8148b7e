// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import type { Changes } from './changes';
import ChangesView from './ChangesView.svelte';

const onchoose = vi.fn();

const id = (letter: string) => `sha256:${letter.repeat(64)}`;
const version = (letter: string, ref: string) => ({
  docpack_id: id(letter),
  git_ref: ref,
  commit_hash: null,
  repo_url: 'https://github.com/acme/shop',
  name: 'shop'
});
const symbol = (name: string) => ({ qualified_name: name, file_path: 'shop/cart.py', line: 3 });

function changes(lists: Record<string, unknown>): Changes {
  const empty = { added: [], removed: [], moved: [], became_ambiguous: [], unresolved_added: [] };
  return {
    pack: version('a', 'v2'),
    others: [version('b', 'v1'), version('c', 'v0')],
    from: id('b'),
    account: null,
    difference: {
      before: version('b', 'v1'),
      after: version('a', 'v2'),
      is_cut: false,
      counts: { breaking: 1, unknown: 0, compatible: 0, symbols_added: 1 },
      api: { changes: [] },
      changes: { symbols: empty, calls: empty, packages: [], complexity: [] },
      ...lists
    }
  } as unknown as Changes;
}

test('breaking changes are open and come first, other lists are folded', () => {
  const reasons = [{ verdict: 'breaking', code: 'parameter_removed', text: '`mode` was removed' }];
  const api = { changes: [{ verdict: 'breaking', name: 'shop.cart.load', reasons }] };
  const symbols = { added: [symbol('shop.cart.Cart')], removed: [], moved: [] };
  const shown = changes({ api });
  shown.difference!.changes.symbols = symbols as never;
  const { container, getByText } = render(ChangesView, { shown, onchoose });
  const lists = [...container.querySelectorAll('details')];
  expect(lists.map((list) => [list.querySelector('summary')!.textContent!.trim(), list.open])).toEqual([
    ['Breaking changes 1', true],
    ['Symbols added 1', false]
  ]);
  getByText('mode was removed');
});

test('another version is chosen from a list', async () => {
  const { getByRole } = render(ChangesView, { shown: changes({}), onchoose });
  const select = getByRole('combobox', { name: 'Changes since' });
  await fireEvent.change(select, { target: { value: id('c') } });
  expect(onchoose).toHaveBeenCalledExactlyOnceWith(`/packs/${'a'.repeat(64)}/changes?from=${'c'.repeat(64)}`);
});

test('equal packs and a lone pack are told apart', () => {
  render(ChangesView, { shown: changes({}), onchoose }).getByText('Nothing changed between the two.');
  const alone = { ...changes({}), others: [], from: null, difference: null };
  render(ChangesView, { shown: alone, onchoose }).getByText(/There is no other pack of this repository yet/);
});
