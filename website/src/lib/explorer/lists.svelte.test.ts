// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { beforeAll, expect, test } from 'vitest';
import { explorerOf } from '../../../tests/support/explorer';
import InExplorer from '../../../tests/support/InExplorer.svelte';
import FileTree from './FileTree.svelte';
import SymbolList from './SymbolList.svelte';

// jsdom lays nothing out, so there is nothing to measure.
beforeAll(() => {
  globalThis.ResizeObserver = class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  };
});

async function listOf(component: unknown, query = '') {
  const { explorer } = await explorerOf(query);
  const shown = component as Component<Record<string, unknown>>;
  const { container } = render(InExplorer, { explorer, shown, given: {} });
  const list = container.querySelector<HTMLElement>('ul[aria-label]')!;
  const press = (key: string) => fireEvent.keyDown(document.activeElement!, { key });
  const place = () => document.activeElement!.closest('li')?.getAttribute('aria-posinset') ?? null;
  const stops = () => list.querySelectorAll<HTMLElement>('[tabindex="0"]');
  stops()[0]!.focus();
  return { explorer, list, press, place, stops };
}

test('a list is one stop of the Tab key, and arrow keys move in it', async () => {
  const { list, press, place, stops, explorer } = await listOf(SymbolList, 'view=symbols');
  expect(stops()).toHaveLength(1);
  await press('ArrowDown');
  await expect.poll(place).toBe('2');
  await press('ArrowUp');
  await press('ArrowUp');
  await expect.poll(place).toBe('1');
  await press('End');
  const last = list.querySelector('li')!.getAttribute('aria-setsize');
  await expect.poll(place).toBe(last);
  expect(last).toBe(`${explorer.table!.ids.length}`);
  expect(stops()).toHaveLength(1);
  expect(stops()[0]).toBe(document.activeElement);
  await press('Home');
  await expect.poll(place).toBe('1');
});

test('in the list of files the right arrow key opens a folder, and the left one closes it', async () => {
  const { list, press } = await listOf(FileTree, 'view=files');
  const isOpen = () => document.activeElement!.getAttribute('aria-expanded');
  const before = list.querySelectorAll('li').length;
  const wasOpen = isOpen() === 'true';
  await press(wasOpen ? 'ArrowLeft' : 'ArrowRight');
  expect(isOpen()).toBe(`${!wasOpen}`);
  expect(list.querySelectorAll('li').length).not.toBe(before);
  await press(wasOpen ? 'ArrowRight' : 'ArrowLeft');
  expect(list.querySelectorAll('li').length).toBe(before);
});
