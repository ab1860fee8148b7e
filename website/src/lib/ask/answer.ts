/** What an answer is made of, wherever it was put together; `common/ask/src/answer.rs` says the same. */

export type ItemKind = 'passage' | 'flow' | 'symbol' | 'statement';
export type Lack = 'bodies' | 'tour' | 'source';

export interface AnswerStep {
  text: string;
  condition: string | null;
  depth: number;
  path: string;
  line: number;
}

export interface AnswerItem {
  kind: ItemKind;
  /** A symbol's name, the headings above a passage, or the topic of a statement. */
  title: string;
  /** Its place among the symbols; -1 for what is none. */
  symbol: number;
  path: string;
  line: number;
  quote: { text: string; path: string; line: number } | null;
  text: string | null;
  steps: AnswerStep[];
  leftOut: number;
  /** Words of the question that it holds. */
  words: string[];
  score: number;
}

export interface Answer {
  question: string;
  outcome: 'evidence' | 'unknown';
  /** Words of the question that stand nowhere in the pack. */
  unknownWords: string[];
  items: AnswerItem[];
  /** What the pack was built without, where it could have held an answer. */
  lacks: Lack[];
}
