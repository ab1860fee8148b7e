// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs';
import { fireEvent, render } from '@testing-library/svelte';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import Diagram from './Diagram.svelte';
import { layered, type Edge } from './layered';
import { parseMermaid, sentences, type Parsed } from './mermaid';
import { layoutSequence } from './sequence';
import { fitted, textWidth } from './text-width';

const FIXTURES = new URL('./fixtures/', `file://${import.meta.dirname}/`);
const fixture = (name: string) => readFileSync(new URL(name, FIXTURES), 'utf8');
const all = readdirSync(FIXTURES);

function parsed<K extends Parsed['kind']>(name: string, kind: K): Extract<Parsed, { kind: K }> {
  const found = parseMermaid(fixture(name));
  expect(found?.kind).toBe(kind);
  return found as Extract<Parsed, { kind: K }>;
}

afterEach(() => vi.unstubAllGlobals());

test('a flowchart of a tour gives its boxes and arrows', () => {
  const { boxes, arrows } = parsed('axum-layout.mmd', 'flowchart');
  expect(boxes[0]).toEqual({ label: 'axum-extra/', isFolder: true });
  expect(boxes.length).toBe(13);
  expect(arrows[0]).toEqual({ from: 0, to: 1, label: '9' });
  expect(sentences(parsed('axum-layout.mmd', 'flowchart'))[0]).toBe('axum-extra/ uses axum/src/extract/: 9');
});

test('a class diagram gives members with their characters, and which type extends or holds which', () => {
  const { classes, arrows } = parsed('chi-types.mmd', 'classes');
  expect(classes[0]!.members).toContain('middlewares: []func(http.Handler) http.Handler');
  const named = arrows.map(({ from, to, how }) => `${classes[from]!.name} ${how} ${classes[to]!.name}`);
  expect(named).toContain('Router extends Routes');
  expect(named).toContain('Mux holds node');
});

test('a sequence gives its calls with their conditions', () => {
  const { actors, messages } = parsed('axum-flow.mmd', 'sequence');
  expect(actors.slice(0, 2)).toEqual(['Router', 'Body']);
  expect(messages.find(({ label }) => label === 'boxed()')).toMatchObject({ condition: 'in an inner function' });
  expect(messages[0]!.condition).toBeNull();
});

test.each([
  '',
  'flowchart TD',
  'flowchart TD\n  click p0 "javascript:alert(1)"',
  'flowchart TD\n  p0["a"]\n  p0 -->|1| p1',
  'pie\n  "a": 1',
  'sequenceDiagram\n  participant a0 as A\n  opt x\n  a0->>a0: b()'
])('a text outside of the subset is not drawn: %j', (text) => {
  expect(parseMermaid(text)).toBeNull();
});

test.each(all)('%s is drawn with all its names', (name) => {
  const { container, getByRole } = render(Diagram, { text: fixture(name), label: 'Parts' });
  expect(getByRole('img', { name: 'Parts' })).toBeTruthy();
  expect(container.querySelector('pre')).toBeNull();
  const drawn = container.querySelector('svg')!;
  expect(drawn.querySelectorAll('path').length).toBeGreaterThan(1);
  expect(drawn.innerHTML).not.toMatch(/NaN|undefined|Infinity/);
});

test('a text that cannot be drawn is shown as text', () => {
  const { container, getByRole } = render(Diagram, { text: 'pie\n  "<b>a</b>": 1', label: 'Shares' });
  expect(getByRole('group', { name: 'Shares, Mermaid text' }).textContent).toBe('pie\n  "<b>a</b>": 1');
  expect(container.querySelector('svg, b')).toBeNull();
});

test('the Mermaid text is copied as the pack holds it', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const { getByRole, findByText } = render(Diagram, { text: fixture('axum-layout.mmd'), label: 'Parts' });
  await fireEvent.click(getByRole('button', { name: 'Copy as Mermaid' }));
  expect(writeText).toHaveBeenCalledWith(fixture('axum-layout.mmd'));
  await findByText('Copied');
});

test('without a clipboard the text appears, so that it can be selected', async () => {
  vi.stubGlobal('navigator', {});
  const { getByRole, findByRole } = render(Diagram, { text: fixture('axum-layout.mmd'), label: 'Parts' });
  await fireEvent.click(getByRole('button', { name: 'Copy as Mermaid' }));
  expect((await findByRole('group', { name: 'Parts, Mermaid text' })).textContent).toContain('flowchart TD');
});

const edge: fc.Arbitrary<Edge> = fc.record({
  from: fc.nat(11),
  to: fc.nat(11),
  weight: fc.integer({ min: 1, max: 50 })
});
const box = fc.record({ width: fc.integer({ min: 30, max: 250 }), height: fc.integer({ min: 20, max: 200 }) });

test('boxes never overlap, arrows lead down unless they are marked, and the same input gives the same drawing', () => {
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 40 }), fc.array(box, { minLength: 12, maxLength: 12 }), (edges, boxes) => {
      const drawing = layered(boxes, edges, { maxWidth: 700 });
      for (const { from, to, isBackward } of drawing.routes) {
        const [upper, lower] = isBackward ? [to, from] : [from, to];
        expect(drawing.places[upper]!.layer).toBeLessThan(drawing.places[lower]!.layer);
      }
      boxes.forEach((a, n) =>
        boxes.slice(n + 1).forEach((b, m) => {
          const [p, q] = [drawing.places[n]!, drawing.places[n + 1 + m]!];
          const isApart =
            p.x + a.width <= q.x + 0.01 ||
            q.x + b.width <= p.x + 0.01 ||
            p.y + a.height <= q.y ||
            q.y + b.height <= p.y;
          expect(isApart).toBe(true);
        })
      );
      expect(layered(boxes, edges, { maxWidth: 700 })).toEqual(drawing);
    })
  );
});

test('a chain has one box in each layer', () => {
  const size = { width: 80, height: 30 };
  const edges = [
    { from: 2, to: 0, weight: 1 },
    { from: 0, to: 1, weight: 1 }
  ];
  expect(layered([size, size, size], edges, { maxWidth: 700 }).places.map(({ layer }) => layer)).toEqual([1, 2, 0]);
});

test('two pairs that could cross are put side by side', () => {
  const size = { width: 80, height: 30 };
  const edges = [
    { from: 0, to: 3, weight: 1 },
    { from: 1, to: 2, weight: 1 }
  ];
  expect(layered([size, size, size, size], edges, { maxWidth: 700 }).crossings).toBe(0);
});

test('neighbouring calls with one condition share a frame, and each call lies in its own frame', () => {
  const call = (condition: string | null) => ({ from: 0, to: 1, label: 'run()', condition });
  const { frames, messages } = layoutSequence({
    kind: 'sequence',
    actors: ['A', 'B'],
    messages: [call('if ready'), call('if ready'), call(null), call('if done')]
  });
  expect(frames.map(({ condition }) => condition)).toEqual(['if ready', 'if done']);
  expect(messages.map(({ y }) => frames.findIndex((frame) => y > frame.y && y < frame.y + frame.height))).toEqual([
    0, 0, -1, 1
  ]);
});

test('a shortened text fits and keeps its ends', () => {
  const text = fitted('a_rather_long_function_name_indeed', 12, 120);
  expect(textWidth(text, 12)).toBeLessThanOrEqual(120);
  expect(text).toMatch(/^a_rath.*….*deed$/);
});
