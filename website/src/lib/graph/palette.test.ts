import { expect, test } from 'vitest';
import { clusterColor, mix, oklch } from './palette';

test('white and black are themselves', () => {
  expect(oklch(1, 0, 0)).toBe('#ffffff');
  expect(oklch(0, 0, 0)).toBe('#000000');
});

test('short and long colours mix alike', () => {
  expect(mix('#000000', '#fff', 0.5)).toBe('#808080');
  expect(mix('#000', '#ffffff', 0.5)).toBe('#808080');
});

test('the first clusters have colours of their own in both themes', () => {
  for (const theme of ['light', 'dark'] as const) {
    const colors = Array.from({ length: 12 }, (_, at) => clusterColor(at, theme));
    expect(new Set(colors).size).toBe(12);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  }
});
