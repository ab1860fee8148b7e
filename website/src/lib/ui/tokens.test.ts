import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../app.css', import.meta.url), 'utf8');

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf('}', start));
  return new Map([...body.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]));
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(first: string, second: string): number {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

const light = tokensOf(':root');
const dark = tokensOf(":root[data-theme='dark']");
const GROUNDS = ['--bg', '--surface', '--raised'];
const SOFT = ['accent', 'ok', 'warn', 'bad'];

test('both themes have the same tokens', () => {
  expect([...dark.keys()]).toEqual([...light.keys()]);
});

describe.each([
  ['light', light],
  ['dark', dark]
])('in the %s theme', (_, tokens) => {
  const isText = (name: string) => /^--(ink|accent|ok|warn|bad|(role|kind|code)-\w+)(-[23])?$/.test(name);
  test.each([...tokens.keys()].filter(isText))('%s can be read on every ground', (name) => {
    for (const ground of GROUNDS)
      expect(contrast(tokens.get(name)!, tokens.get(ground)!), ground).toBeGreaterThanOrEqual(4.5);
  });
  test.each(SOFT)('text can be read on %s-soft', (name) => {
    const ground = tokens.get(`--${name}-soft`)!;
    for (const text of ['--ink', '--ink-2', `--${name}`])
      expect(contrast(tokens.get(text)!, ground), text).toBeGreaterThanOrEqual(4.5);
  });
  test('text on the accent can be read, and the border of a field is seen', () => {
    expect(contrast(tokens.get('--accent-ink')!, tokens.get('--accent')!)).toBeGreaterThanOrEqual(4.5);
    for (const ground of GROUNDS)
      expect(contrast(tokens.get('--line-strong')!, tokens.get(ground)!)).toBeGreaterThanOrEqual(3);
  });
});
