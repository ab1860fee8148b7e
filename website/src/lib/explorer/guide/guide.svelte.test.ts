// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { beforeAll, describe, expect, test } from 'vitest';
import { withSource } from '../../../../tests/support/additions';
import { explorerOf } from '../../../../tests/support/explorer';
import InExplorer from '../../../../tests/support/InExplorer.svelte';
import { SMALL, synthetic } from '../../../../tests/support/synthetic';
import type { FlowStep, Tour, TourItem } from '$lib/docpack/records';
import GuidePage from './GuidePage.svelte';

// jsdom lays nothing out, so there is nothing to scroll.
beforeAll(() => {
  Element.prototype.scrollTo = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
});

const asPage = GuidePage as unknown as Component<Record<string, unknown>>;
const LONG = 'word '.repeat(900);

interface Names {
  id: string;
  name: string;
  path: string;
  line: number;
}

const item = (text: string, { id, path, line }: Names): TourItem => ({
  text,
  depth: 0,
  quote: null,
  evidence: [{ symbol_id: id, target_id: null, file_path: path, line }]
});
const section = (topic: string, title: string, ...items: TourItem[]) =>
  ({ topic, title, items, diagram: null, left_out: null }) as Tour['sections'][number];
const step = (of: Names, changes: Partial<FlowStep> = {}): FlowStep => ({
  condition: null,
  depth: 0,
  file_path: of.path,
  kind: 'call',
  line: of.line,
  quote: null,
  symbol_id: of.id,
  target_id: of.id,
  text: `Calls \`${of.name}\`.`,
  ...changes
});

/** A guide of three chapters about a symbol of the pack; short ones are one page. */
function tourOf(of: Names, words: string): Tour {
  const flow = {
    title: '`run`',
    symbol_id: of.id,
    steps: [
      step(of),
      step(of, { depth: 1, condition: 'if `ready`', kind: 'raise', text: 'Raises `Gone`.' }),
      step(of, { depth: 1, condition: 'if `ready`', kind: 'return', text: 'Returns.' })
    ],
    ends: [],
    quote: null,
    diagram: null,
    left_out: 3
  };
  return {
    sections: [
      section('purpose', 'What it is', item(`It has \`${of.name}\`. ${words}`, of)),
      section('layout', 'How it is laid out', item('It has folders.', of)),
      section('tests', 'Tests', item(`They run. ${words}`, of))
    ],
    flows: [flow]
  };
}

async function guideOf({ query = '', words = LONG, hasSource = true, hasTour = true } = {}) {
  const plain = synthetic(SMALL);
  const contents = hasSource
    ? withSource(plain, () => Array.from({ length: 90 }, (_, n) => `line_${n + 1}()\n`).join(''))
    : plain;
  const { explorer, model } = await explorerOf(query, {}, contents);
  const { id, name, file_path: path, line_range } = model.pack.symbols[1]!;
  const of = { id, name, path, line: line_range.start };
  explorer.source.tour = async () => (hasTour ? tourOf(of, words) : null);
  const shown = render(InExplorer, { explorer, shown: asPage, given: {} });
  await shown.findByRole('heading', { level: 1 });
  const headings = () => shown.getAllByRole('heading').map(({ textContent }) => textContent.trim());
  return { explorer, of, headings, ...shown };
}

describe('the guide', () => {
  test('opens on its first chapter, says how long it takes to read, and leads on', async () => {
    const { headings, container, getByRole, explorer } = await guideOf();
    expect(headings().slice(1)).toEqual(expect.arrayContaining(['What it is', 'How it is laid out']));
    expect(headings()).not.toContain('Tests');
    expect(container.querySelector('header')!.textContent).toMatch(/8 minutes to read · this page 4/);
    const next = getByRole('navigation', { name: 'Chapters' }).querySelector('a')!;
    expect(next.textContent).toMatch(/Next\s*run/);
    await fireEvent.click(next);
    expect(explorer.place.chapter).toBe('flow-1');
  });

  test('moves the focus to the heading of the chapter that is chosen, and marks it in the contents', async () => {
    const { container, getByRole, getAllByRole } = await guideOf();
    await fireEvent.click(getAllByRole('link', { name: 'Tests and extension' })[0]!);
    const heading = getByRole('heading', { level: 1 });
    await expect.poll(() => document.activeElement).toBe(heading);
    expect(heading.textContent).toBe('Tests and extension');
    expect(container.querySelector('nav[aria-label=Contents] [aria-current=page]')!.textContent).toBe(
      'Tests and extension'
    );
  });

  test('that is short is one page', async () => {
    const { headings, queryByRole } = await guideOf({ words: '' });
    expect(headings()).toEqual(expect.arrayContaining(['What it is', 'What happens inrun', 'Tests and extension']));
    expect(queryByRole('navigation', { name: 'Chapters' })).toBeNull();
  });

  test('of a pack without one says so and shows its folders', async () => {
    const { getByText, headings } = await guideOf({ hasTour: false });
    getByText(/This pack holds no guide/);
    await expect.poll(headings).toContain('src/parse');
  });
});

describe('a statement', () => {
  test('links the names in it to their symbols', async () => {
    const { container, explorer, of } = await guideOf();
    const link = Array.from(container.querySelectorAll('[data-evidence]')).find((each) => each.textContent === of.name);
    await fireEvent.click(link!);
    expect(explorer.place.symbol).toBe(of.id);
  });

  test('without a name in it ends with the line that it follows from', async () => {
    const { container, explorer, of } = await guideOf();
    const statement = Array.from(container.querySelectorAll('.statement')).find((each) =>
      each.textContent.includes('It has folders.')
    )!;
    await fireEvent.click(statement.querySelector('[data-evidence]')!);
    expect(explorer.place).toMatchObject({ view: 'guide', file: of.path, line: of.line });
  });
});

describe('a flow', () => {
  test('has numbered steps with their conditions, errors marked, and the line of code beside each', async () => {
    const { container, findAllByRole, of } = await guideOf({ query: 'chapter=flow-1' });
    const code = await findAllByRole('group', { name: new RegExp(`line ${of.line}$`) });
    expect(code[0]!.textContent.trim()).toBe(`line_${of.line}()`);
    const steps = Array.from(container.querySelectorAll('ol[aria-label=Steps] > li'));
    expect(steps.map((each) => each.querySelector('span')!.textContent)).toEqual(['1', '1.1', '1.2']);
    expect(steps[1]!.textContent).toMatch(/if ready[\s\S]*error[\s\S]*Raises Gone/);
    expect(steps[2]!.textContent).toMatch(/in the same\s+case[\s\S]*ends here/);
    expect(container.textContent).toContain('3 steps of what is followed here are left out; the source has all 6.');
  });

  test('of a pack without source text names the line alone, which can be opened', async () => {
    const { container, explorer, of, queryByRole } = await guideOf({ query: 'chapter=flow-1', hasSource: false });
    expect(queryByRole('group', { name: /, line \d+$/ })).toBeNull();
    const place = Array.from(container.querySelectorAll('li.step [data-evidence]')).at(-1)!;
    await fireEvent.click(place);
    expect(explorer.place).toMatchObject({ file: of.path, line: of.line });
  });
});
