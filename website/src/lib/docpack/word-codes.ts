import { DocpackError } from './errors';

/** A pack may use words that this page does not know, but a list of more than this is a mistake or an attack. */
const MAX_WORDS = 1_000;

/** Numbers the words of one vocabulary, so that tables hold numbers: first those that are known, then the pack's own. */
export class WordCodes {
  readonly words: string[];
  private readonly codes: Map<string, number>;

  constructor(known: readonly string[]) {
    this.words = [...known];
    this.codes = new Map(known.map((word, code) => [word, code]));
  }

  codeOf(word: string): number {
    return this.codes.get(word) ?? this.add(word);
  }

  private add(word: string): number {
    const code = this.words.push(word) - 1;
    if (code >= MAX_WORDS)
      throw new DocpackError(
        'too_many_values',
        `the pack has more than ${MAX_WORDS} different words where the format has a short list`
      );
    this.codes.set(word, code);
    return code;
  }
}
