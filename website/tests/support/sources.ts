import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Another name gives other text: replies of a model are kept, and what was asked before costs nothing. */
const moduleOf = (name: string) => `"""Reads and cleans lines of text, for ${name}."""


def read_${name}(path):
    """Reads the lines of a file."""
    with open(path) as lines:
        return [clean(line) for line in lines]


def clean(line):
    return line.strip()


class Counter:
    """Counts words."""

    def __init__(self):
        self.words = {}

    def add(self, line):
        for word in clean(line).split():
            self.words[word] = self.words.get(word, 0) + 1
`;

/** Writes a folder of its own; `name` becomes the name of its job. */
export function folder(name: string, files: Record<string, string | Uint8Array>): string {
  const root = join(mkdtempSync(join(tmpdir(), 'doctown-source-')), name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** A module with a class, a function that calls another, and comments. */
export function goodFolder(name: string): string {
  return folder(name, { 'src/text.py': moduleOf(name) });
}

/** Enough modules that a job can be interrupted while it reads them, however fast the machine is. */
export function largeFolder(name: string): string {
  const text = (n: number) => Array.from({ length: 10 }, (_, part) => moduleOf(`${name}_${n}_${part}`)).join('\n\n');
  return folder(
    name,
    Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`src/part_${n % 20}/text_${n}.py`, text(n)]))
  );
}

/** One file that is read, one that cannot be parsed in two places, and files that are left out for four reasons. */
export function mixedFolder(name: string): string {
  return folder(name, {
    'src/text.py': moduleOf(name),
    'src/broken.py': 'def ok(value):\n    return value\n\n\ndef broken(:\n    return (\n',
    'src/blob.py': new Uint8Array(3_000),
    'src/table.py': 'x = 1\n'.repeat(400_000),
    'node_modules/a/index.js': 'export const a = 1;\n',
    'package-lock.json': '{}\n'
  });
}

/** An archive, and a way to write all of it after only a part was there. */
export function archiveInPart(name: string): { path: string; mend: () => void } {
  const root = goodFolder(name);
  const path = `${root}.tar.gz`;
  execFileSync('tar', ['-C', root, '-czf', path, 'src']);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length / 2));
  return { path, mend: () => writeFileSync(path, whole) };
}
