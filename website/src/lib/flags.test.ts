import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SITE = join(import.meta.dirname, '..');
const ARGS = join(SITE, '../../functions/cli/src/args.rs');

/** The program's own flags: `long` names an argument by its field, or says another name. */
function flags(): string[] {
  const found = readFileSync(ARGS, 'utf8').matchAll(
    /#\[arg\(\s*(?:[^\]]*?,\s*)?long(?:\s*=\s*"([a-z-]+)")?[^\]]*\)\]\s*(?:#\[[^\]]*\]\s*)*pub\(crate\) (\w+)/g
  );
  return Array.from(found, ([, named, field]) => `--${named ?? field!.replaceAll('_', '-')}`);
}

function sources(): string[] {
  const files = readdirSync(SITE, { recursive: true, encoding: 'utf8' });
  return files.filter(
    (path) => /\.(svelte|ts)$/.test(path) && !path.endsWith('.test.ts') && !path.endsWith('schema.ts')
  );
}

test('no text of the site names a flag of the program', () => {
  const known = flags();
  expect(known).toEqual(
    expect.arrayContaining(['--no-embeddings', '--max-total-bytes', '--include', '--ref', '--model'])
  );
  const named = sources().flatMap((path) => {
    const text = readFileSync(join(SITE, path), 'utf8');
    return known.filter((flag) => new RegExp(`${flag}(?![a-z-])`).test(text)).map((flag) => `${path}: ${flag}`);
  });
  expect(named).toEqual([]);
});
