import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from './address';

const FLASK = 'https://github.com/pallets/flask';

test.each([
  ['https://github.com/pallets/flask', FLASK, null],
  ['  https://github.com/pallets/flask.git  ', FLASK, null],
  ['http://github.com/pallets/flask/', FLASK, null],
  ['https://www.github.com/pallets/flask', FLASK, null],
  ['https://user:secret@github.com/pallets/flask?tab=readme#top', FLASK, null],
  ['github.com/pallets/flask', FLASK, null],
  ['git@github.com:pallets/flask.git', FLASK, null],
  ['ssh://git@github.com/pallets/flask.git', FLASK, null],
  ['ssh://git@github.com:22/pallets/flask', FLASK, null],
  ['git+https://github.com/pallets/flask', FLASK, null],
  ['git://github.com/pallets/flask.git', FLASK, null],
  ['pallets/flask', FLASK, null],
  ['pallets/flask.git', FLASK, null],
  ['pallets/flask@3.1.2', 'pallets/flask@3.1.2', '3.1.2'],
  ['https://github.com/pallets/flask/issues/7', FLASK, null],
  ['https://github.com/pallets/flask/tree/main/src/flask', `${FLASK}/tree/main/src/flask`, 'main/src/flask'],
  [
    'https://github.com/pallets/flask/blob/stable/README.md#usage',
    `${FLASK}/blob/stable/README.md`,
    'stable/README.md'
  ],
  ['https://github.com/pallets/flask/commit/1234567', `${FLASK}/commit/1234567`, '1234567'],
  ['https://github.com/pallets/flask/releases/tag/3.1.2', `${FLASK}/releases/tag/3.1.2`, '3.1.2'],
  ['https://github.com/pallets/flask/pull/42/files', `${FLASK}/pull/42`, 'pull/42/head'],
  ['https://codeberg.org/forgejo/forgejo.git', 'https://codeberg.org/forgejo/forgejo.git', null],
  ['git@gitlab.com:group/sub/project.git', 'https://gitlab.com/group/sub/project.git', null],
  ['/home/ada/project', '/home/ada/project', null]
])('%s', (typed, repoUrl, gitRef) => {
  expect(parseAddress(typed)).toMatchObject({ ok: true, address: { repoUrl, gitRef } });
});

test.each([
  ['flask', /owner/],
  ['two words', /spaces/],
  ['--upload-pack=x', /dash/],
  ['file:///etc/passwd', /`file:`/],
  ['javascript://alert(1)', /`javascript:`/],
  ['https://github.com/pallets', /does not name a repository/],
  ['https://github.com/a/../b/c', /leads out/],
  ['https://github.com/a/%2e%2e/b', /leads out/],
  ['-bad/repo', /dash/],
  ['a_b/repo', /valid GitHub owner/],
  ['pallets/fl:ask', /valid GitHub repository/],
  ['pallets/flask@a..b', /not a valid branch/],
  ['a/b/c', /full URL/],
  ['x'.repeat(2_049), /2,048/]
])('is refused: %s', (typed, why) => {
  const parsed = parseAddress(typed);
  expect(parsed.ok ? 'taken' : parsed.why).toMatch(why);
});

test('what is sent is taken apart to the same repository again, and never holds a password', () => {
  const forms = fc.oneof(
    fc.webUrl({ size: 'small', withQueryParameters: true }),
    fc.string(),
    fc.stringMatching(/^[a-z]{1,5}\/[a-z.@]{1,9}$/)
  );
  fc.assert(
    fc.property(forms, (typed) => {
      const parsed = parseAddress(typed);
      if (!parsed.ok || parsed.address.kind === 'local') return;
      const again = parseAddress(parsed.address.repoUrl);
      expect(again).toEqual(parsed);
      expect(parsed.address.repoUrl).not.toMatch(/\/\/[^/]*@/);
    })
  );
});
