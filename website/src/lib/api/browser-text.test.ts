import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { browserText } from './browser-text';

const AT = new Date(2026, 0, 5, 14, 2).getTime();

describe('browserText', () => {
  it('writes sizes for people and names no flag', () => {
    const shown = browserText(
      {
        code: 'repo_too_large',
        detail: 'repository is 61440000000 bytes, the limit is 2000000000; raise `--max-total-bytes`',
        help: 'raise the limit, or narrow the build with `--include`'
      },
      AT
    );
    expect(shown).toEqual({
      title: 'The repository is too large',
      detail: 'repository is 61 GB, the limit is 2.0 GB',
      help: expect.stringContaining('Options on the home page')
    });
  });

  it('says until when a host takes no requests', () => {
    expect(
      browserText({ code: 'rate_limited', detail: 'the request limit of GitHub is used up; it resets in 30 min' }, AT)
        .detail
    ).toBe('GitHub’s request limit is used up until 14:32');
  });

  it('names the languages of a repository without source code that is read', () => {
    const shown = browserText(
      {
        code: 'no_source_code',
        detail:
          'no source code to read: found 2 CSS files and 1 Markdown file; Doctown reads Rust, Python, TypeScript, JavaScript and Go',
        help: 'choose a repository with code in one of these languages'
      },
      AT
    );
    expect(shown.detail).toBe(
      'no source code to read: found 2 CSS files and 1 Markdown file; Doctown reads Rust, Python, TypeScript, JavaScript and Go'
    );
    expect(shown.help).toBe('choose a repository with code in one of these languages');
  });

  it('keeps what the server says of a code it does not know, less the flags', () => {
    const shown = browserText(
      {
        code: 'new_code',
        title: 'something new',
        detail: 'the thing is 12 bytes; set DOCTOWN_THING_LIMIT',
        help: 'use less; raise `--thing`'
      },
      AT
    );
    expect(shown).toEqual({ title: 'something new', detail: 'the thing is 12 bytes', help: 'use less' });
  });

  it('names no flag, whatever text of the program it is given', () => {
    const root = new URL('../../../../', import.meta.url);
    const tables = [
      'functions/trigger/src/codes.rs',
      'functions/trigger/src/errors.rs',
      'common/source/src/failure.rs'
    ];
    const source = (path: string) => readFileSync(new URL(path, root), 'utf8').split('#[cfg(test)]')[0]!;
    const literals = tables.flatMap((path) =>
      Array.from(source(path).matchAll(/"((?:[^"\\\n]|\\.)*)"/g), ([, text]) => text!)
    );
    expect(literals.filter((text) => /--[a-z]|DOCTOWN_/.test(text)).length).toBeGreaterThan(3);
    for (const text of literals) {
      const shown = browserText(
        { code: /^[a-z_]+$/.test(text) ? text : 'another_code', title: 'failed', detail: text, help: text },
        AT
      );
      expect(`${shown.detail} ${shown.help}`, text).not.toMatch(/(^|[\s`(])--[a-z]|DOCTOWN_/);
    }
  });
});
