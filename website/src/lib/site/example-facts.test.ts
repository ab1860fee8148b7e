import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import listed from '../../../examples.json';
import { pictureOf } from './example-facts';
import { exampleFacts, modelOf } from './example-read';

const bytesOf = (address: string) =>
  new Uint8Array(readFileSync(new URL(`../../../static${address}`, import.meta.url)));

test('the shipped packs together have less than 3 MB', () => {
  const sizes = listed.map(({ address }) => bytesOf(address).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
});

test.each(listed)(
  '$name is read by this reader, verified, and has what its card shows',
  async ({ address, version, name }) => {
    const model = await modelOf(bytesOf(address));
    const { ok, checks } = model.pack.verify();
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
    const facts = exampleFacts(model);
    expect(facts.quote?.text).toMatch(new RegExp(`\\b${name}\\b`, 'i'));
    expect(facts.quote?.file_path).toBe('README.md');
    expect(facts.picture.parts.length).toBeGreaterThan(3);
    expect(facts.flows.length).toBeGreaterThan(0);
    expect(facts.files).toBeLessThanOrEqual(model.table.files.length);
    const licences = new TextDecoder().decode(bytesOf('/examples/licenses.txt'));
    expect(licences).toContain(`${name} ${version} (`);
  }
);

test('a picture keeps what is joined most, and names parts within the folder that they share', () => {
  const boxes = ['src/a/x.py', 'src/a/y/', 'smaller parts of src/a', 'src/a/alone.py'].map((label) => ({
    label,
    isFolder: label.endsWith('/')
  }));
  const arrows = [
    { from: 0, to: 1, label: '3' },
    { from: 0, to: 2, label: '9' }
  ];
  expect(pictureOf({ kind: 'flowchart', boxes, arrows })).toEqual({
    parts: [
      { label: 'x.py', isFolder: false },
      { label: 'y', isFolder: true }
    ],
    arrows: [{ from: 0, to: 1, weight: 3 }]
  });
});

test('a drawing without arrows has no parts', () => {
  expect(pictureOf({ kind: 'flowchart', boxes: [{ label: 'a.py', isFolder: false }], arrows: [] })).toEqual({
    parts: [],
    arrows: []
  });
});
