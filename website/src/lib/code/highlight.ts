import type { Tree } from '@lezer/common';

export type Dialect = 'python' | 'typescript' | 'tsx' | 'javascript' | 'go' | 'rust';
export type Look = 'comment' | 'keyword' | 'string' | 'number' | 'type' | 'name';

export interface Token {
  from: number;
  to: number;
  look: Look;
}

const DIALECTS: Readonly<Record<string, Dialect>> = {
  py: 'python',
  pyi: 'python',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  go: 'go',
  rs: 'rust'
};

/** How a file is highlighted, by the end of its name; null for what is shown plain. */
export function dialectOf(path: string): Dialect | null {
  const end = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(DIALECTS, end) ? DIALECTS[end]! : null;
}

/** Text of which any window can be highlighted, once it is parsed. */
export interface Highlighted {
  /** Tokens of a line of the text, from 0, by places in that line. */
  tokens(line: number): Token[];
}

/** Brings the parsers before they are needed. */
export const bringParsers = () => import('./parsers');

/** Parses lines; null where they are shown plain, or are not wanted any more. */
export async function highlight(
  lines: readonly string[],
  dialect: Dialect | null,
  isWanted: () => boolean = () => true
): Promise<Highlighted | null> {
  if (dialect === null || lines.length === 0) return null;
  const { parse, tokensOf } = await bringParsers();
  const text = lines.join('\n');
  const tree: Tree | null = await parse(text, dialect, isWanted);
  if (tree === null) return null;
  const starts = new Uint32Array(lines.length);
  for (let at = 1; at < lines.length; at++) starts[at] = starts[at - 1]! + lines[at - 1]!.length + 1;
  return {
    tokens(line) {
      const start = starts[line];
      if (start === undefined) return [];
      const end = start + lines[line]!.length;
      return tokensOf(tree, start, end).map(({ from, to, look }) => ({
        from: Math.max(from, start) - start,
        to: Math.min(to, end) - start,
        look
      }));
    }
  };
}
