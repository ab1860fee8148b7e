/** The words of a question with their weights, and how much of them a text holds; `common/ask/src/terms.rs` does the same. */
import { parseQuery } from '$lib/search/query';
import type { SearchIndex } from '$lib/search/search';
import { eachWord, stem } from '$lib/search/words';
import { equalsOf, handlingOf, isDenial, othersOf, type Question } from './question';

const OTHER_SHARE = 0.5;
/** A word of a text is denied by one that stands at most so many words before it. */
const DENIAL_REACH = 3;
const LEAST_WEIGHT = 1;

/** How much of each word a text holds, 0 to 1. */
export type Held = number[];

export class Terms {
  readonly words: string[];
  private readonly weights: number[];
  private readonly byStem = new Map<string, [place: number, share: number][]>();
  /** Words that the question denies, with their places. */
  private readonly denied = new Map<string, number>();
  private readonly byWord = new Map<string, readonly [number, number][]>();
  private readonly isKnown: boolean[] = [];

  constructor(question: Question, index: SearchIndex) {
    const rarities: (number | null)[] = [];
    for (const [at, [stem]] of question.words.entries()) {
      const others = othersOf(stem, question.own);
      const any = [stem, ...others].map((each) => index.rarityOf(each)).find((rarity) => rarity !== null) ?? null;
      rarities.push(any);
      // A single letter is no word, and may still be a name.
      this.isKnown.push(any !== null || index.search(parseQuery(stem), [], 1).hits.length > 0);
      const equals = equalsOf(question, stem);
      this.add(stem, at, equals.length === 0 ? 1 : OTHER_SHARE);
      if (equals.length > 0) this.denied.set(stem, at);
      for (const equal of equals) this.add(equal, at, 1);
      for (const word of handlingOf(question, stem)) this.add(word, at, 1);
      for (const other of others) this.add(other, at, OTHER_SHARE);
    }
    for (const [stem, places] of question.joined) {
      if (index.rarityOf(stem) === null) continue;
      for (const at of places) {
        this.isKnown[at] = true;
        this.add(stem, at, 1);
      }
    }
    // A word that stands nowhere weighs as much as the others do on average.
    const found = rarities.filter((rarity) => rarity !== null);
    const usual = Math.max(found.reduce((sum, rarity) => sum + rarity, 0) / Math.max(found.length, 1), LEAST_WEIGHT);
    this.weights = rarities.map((rarity) => rarity ?? usual);
    this.words = question.words.map(([, word]) => word);
  }

  private add(stem: string, at: number, share: number): void {
    const list = this.byStem.get(stem);
    if (list) list.push([at, share]);
    else this.byStem.set(stem, [[at, share]]);
  }

  held(text: string): Held {
    const held = this.nothing();
    eachWord(text, (word) => {
      let places = this.byWord.get(word);
      if (!places) this.byWord.set(word, (places = this.byStem.get(stem(word)) ?? []));
      for (const [at, share] of places) held[at] = Math.max(held[at]!, share);
    });
    if (this.denied.size > 0) this.holdDenied(text, held);
    return held;
  }

  /** Counts a denied word fully where the text denies it too: "if no route matches", `if !match`. */
  private holdDenied(text: string, held: Held): void {
    let at = 0;
    let denial = -Infinity;
    eachWord(text.replaceAll('!', ' not '), (word) => {
      at++;
      if (isDenial(word)) denial = at;
      const place = this.denied.get(stem(word));
      if (place !== undefined && at - denial <= DENIAL_REACH) held[place] = 1;
    });
  }

  nothing(): Held {
    return new Array<number>(this.words.length).fill(0);
  }

  /** How much of the question's weight is held, 0 to 1. */
  worth(held: Held): number {
    const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
    const all = sum(this.weights);
    return all > 0 ? sum(held.map((share, at) => share * this.weights[at]!)) / all : 0;
  }

  /** The larger of the weight and the number of words that are held, 0 to 1: a rare verb may weigh too much. */
  share(held: Held): number {
    const nHeld = held.reduce((all, share) => all + share, 0);
    return Math.max(this.worth(held), nHeld / Math.max(this.words.length, 1));
  }

  worthOf(text: string): number {
    return this.worth(this.held(text));
  }

  /** Words of the question that stand nowhere. */
  unknown(): string[] {
    return this.words.filter((_, at) => !this.isKnown[at]);
  }

  /** Words that are held. */
  told(held: Held): string[] {
    return this.words.filter((_, at) => held[at]! > 0);
  }
}

export function more(a: Held, b: Held): Held {
  return a.map((share, at) => Math.max(share, b[at]!));
}
