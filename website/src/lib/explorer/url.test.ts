import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePlace, DEPTHS, encodePlace, ORDERS, START, VIEWS, type Place } from './url';

const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{32}$/).map((digits) => prefix + digits);

// Also such as only later versions of the format have.
const words = fc.uniqueArray(fc.stringMatching(/^[a-z0-9_]{1,64}$/), { maxLength: 8 });

const place: fc.Arbitrary<Place> = fc
  .record({
    view: fc.constantFrom(...VIEWS),
    symbol: fc.option(id('sym_')),
    cluster: fc.option(id('c_')),
    chapter: fc.stringMatching(/^[a-z0-9_-]{0,80}$/),
    file: fc.string({ unit: 'grapheme' }),
    line: fc.nat(999_999_999),
    kinds: words,
    languages: words,
    visibilities: words,
    roles: words,
    to: fc.option(fc.stringMatching(/^sym_[0-9a-f]{32}$/), { nil: null }),
    depth: fc.constantFrom(...DEPTHS),
    path: fc.string({ unit: 'grapheme' }),
    text: fc.string({ unit: 'grapheme' }),
    order: fc.constantFrom(...ORDERS),
    part: fc.string({ unit: 'grapheme' }),
    inside: fc.option(id('sym_')),
    rest: fc.nat(999_999),
    withTests: fc.boolean()
  })
  // A line is that of a file.
  .map((given) => (given.file === '' ? { ...given, line: 0 } : given));

test('a place survives its link', () => {
  fc.assert(
    fc.property(place, (given) => {
      expect(decodePlace(encodePlace(given))).toEqual(given);
    })
  );
});

test('any query is some place, and settles after one reading', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (query) => {
      const read = decodePlace(query);
      expect(decodePlace(encodePlace(read))).toEqual(read);
    })
  );
});

test('the start has an empty link, and nonsense is the start', () => {
  expect(encodePlace(START)).toBe('');
  expect(decodePlace('?view=none&symbol=sym_1&in=sym_2&rest=-1&tests=yes&kind=Func%20tion&role=-&order=%00')).toEqual(
    START
  );
});

test('addresses of before lead to what shows the same now', () => {
  expect(decodePlace('view=tour').view).toBe('guide');
  expect(decodePlace('view=overview').view).toBe('guide');
  expect(decodePlace('view=overview&folder=src')).toMatchObject({ view: 'map', part: 'src' });
  expect(decodePlace('view=guide&folder=.')).toMatchObject({ view: 'map', part: '' });
  expect(decodePlace('part=src/app').view).toBe('map');
  expect(decodePlace('camera=1,2,3').view).toBe('map');
  expect(decodePlace(`cluster=c_${'0'.repeat(32)}`).view).toBe('symbols');
});
