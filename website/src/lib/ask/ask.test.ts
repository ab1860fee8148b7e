import { expect, test } from 'vitest';
import { explorerOf } from '../../../tests/support/explorer';
import { formOf, isQuestion, parseQuestion } from './question';
import { bestSentences } from './excerpt';
import { clip, firstSentence, plain } from './text';

test.each([
  ['how does a request reach the view', true],
  ['where are sessions stored', true],
  ['url_for?', false],
  ['is this async?', true],
  ['register error handler', false],
  ['Flask.url_for', false],
  ['', false]
])('`%s` is a question: %s', (typed, expected) => expect(isQuestion(typed)).toBe(expected));

test('a question keeps the words that mean something, and looks for the opposite of what it denies', () => {
  const question = parseQuestion('What happens when no route matches?')!;
  expect(question.words.map(([, word]) => word)).toEqual(['route', 'matches']);
  expect(question.query.terms.map(({ stem }) => stem)).toContain('fallback');
});

test.each([
  ['How do I add a route?', 'how-to'],
  ['how to stop the server', 'how-to'],
  ['how does a request reach the view', 'way'],
  ['what happens when no route matches', 'other']
])('`%s` asks for: %s', (typed, form) => expect(formOf(parseQuestion(typed)!)).toBe(form));

test('names of code are sure, other words may be names', () => {
  const { names } = parseQuestion('what does `run` do beside url_for and routes')!;
  expect(Object.fromEntries(names)).toMatchObject({ run: 'sure', url_for: 'sure', routes: 'perhaps' });
});

test('a text that is empty or too long is no question', () => {
  expect(parseQuestion('  ')).toBeNull();
  expect(parseQuestion('a '.repeat(300))).toBeNull();
});

test('words of authors lose links, roles, tags and emphasis, and keep code', () => {
  expect(plain('See [the docs](https://x.y) and :meth:`~Flask.run`, **now** <br> `Vec<T>` __init__')).toBe(
    'See the docs and `run`, now `Vec<T>` __init__'
  );
});

test('a sentence ends at a full stop that no small letter follows', () => {
  expect(firstSentence('Uses e.g. this. Then that.')).toBe('Uses e.g. this.');
  expect(clip('one two three', 9)).toBe('one two…');
});

test('of a long text the sentences that hold the question are shown', () => {
  const terms = { worthOf: (text: string) => (text.includes('needle') ? 1 : 0) } as never;
  const text = `${'Hay is here. '.repeat(40)}The needle is here. ${'Hay again. '.repeat(10)}`;
  expect(bestSentences(text, terms)).toBe('The needle is here.');
  expect(bestSentences('The needle is here.', terms)).toBe('The needle is here.');
});

test('a question about nothing in the pack is unknown, and says which words stand nowhere', async () => {
  const { explorer } = await explorerOf();
  const answer = (await explorer.source.ask('how does a zeppelin brew coffee?'))!;
  expect(answer.outcome).toBe('unknown');
  expect(answer.unknownWords).toEqual(['zeppelin', 'brew', 'coffee']);
});
