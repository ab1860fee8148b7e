/** Which documents hold a word, and how much it weighs there; `common/search/src/index.rs` does the same. */
import { FIELDS, placeOfRole, priorOf, type Document } from './documents';
import { joined, NameBuilder, type NameData } from './names';
import { eachWord, isLongEnough, isStopWord, stem } from './words';

/** Weights are kept as whole numbers of this part. */
export const WEIGHT_UNITS = 64;
const MAX_WEIGHT = 0xffff;
/** Bits that a place of a field takes in a number. */
const FIELD_BITS = 3;

/** Strings and numbers only, so that a worker can build it and hand it on. */
export interface IndexData {
  names: NameData;
  /** In order, one in each row; the n-th has the postings `starts[n] .. starts[n + 1]`. */
  stems: string;
  starts: Uint32Array<ArrayBuffer>;
  documents: Uint32Array<ArrayBuffer>;
  weights: Uint16Array<ArrayBuffer>;
  /** A bit for each field that holds the word. */
  fields: Uint8Array<ArrayBuffer>;
  /** By document. */
  priors: Float64Array<ArrayBuffer>;
  roles: Uint8Array<ArrayBuffer>;
  nameStems: Uint8Array<ArrayBuffer>;
}

/** What of an index is handed on instead of copied. */
export function buffersOf({
  names,
  starts,
  documents,
  weights,
  fields,
  priors,
  roles,
  nameStems
}: IndexData): ArrayBuffer[] {
  return [names.lengths, names.starts, names.places, starts, documents, weights, fields, priors, roles, nameStems].map(
    ({ buffer }) => buffer
  );
}

export class IndexBuilder {
  private readonly names = new NameBuilder();
  private readonly idOf = new Map<string, number>();
  /** By word: the stem's id, or -1 for one that is too short, and whether fields of prose leave it out. */
  private readonly known = new Map<string, { id: number; isStop: boolean }>();
  /** By stem: documents, weights and fields, each posting in one number. */
  private readonly postings: number[][] = [];
  private readonly priors: number[] = [];
  private readonly roles: number[] = [];
  private readonly nameStems: number[] = [];
  private gathered = new Uint32Array(1024);
  private n = 0;

  /** Adds a document; the first has place 0. */
  add(document: Document): void {
    const place = this.priors.length;
    const lengths = FIELDS.map(({ field, maxWords, keepsStopWords }, at) =>
      this.gather(document[field], at, maxWords, keepsStopWords)
    );
    this.nameStems.push(this.distinct(lengths[0]!));
    const keys = this.gathered.subarray(0, this.n).sort();
    for (let from = 0; from < keys.length;) {
      let to = from + 1;
      while (to < keys.length && keys[to]! >> FIELD_BITS === keys[from]! >> FIELD_BITS) to++;
      this.keep(place, keys.subarray(from, to), lengths);
      from = to;
    }
    this.names.add(document.name, document.qualified_name);
    this.priors.push(priorOf(document));
    this.roles.push(placeOfRole(document.role));
    this.n = 0;
  }

  /** Collects stems with the place of their field, and gives how many the field has. */
  private gather(text: string, field: number, maxWords: number, keepsStopWords: boolean): number {
    let length = 0;
    eachWord(text, (word) => {
      if (length >= maxWords) return;
      const { id, isStop } = this.lookUp(word);
      if (id < 0 || (isStop && !keepsStopWords)) return;
      length++;
      if (this.n === this.gathered.length) {
        const longer = new Uint32Array(this.n * 2);
        longer.set(this.gathered);
        this.gathered = longer;
      }
      this.gathered[this.n++] = (id << FIELD_BITS) | field;
    });
    return length;
  }

  private lookUp(word: string): { id: number; isStop: boolean } {
    const known = this.known.get(word);
    if (known) return known;
    const made = { id: isLongEnough(word) ? this.idOfStem(stem(word)) : -1, isStop: isStopWord(word) };
    this.known.set(word, made);
    return made;
  }

  private idOfStem(text: string): number {
    let id = this.idOf.get(text);
    if (id === undefined) {
      this.idOf.set(text, (id = this.postings.length));
      this.postings.push([]);
    }
    return id;
  }

  /** Number of different stems of the name, whose words were gathered first. */
  private distinct(length: number): number {
    return Math.min(new Set(this.gathered.subarray(0, length)).size, 0xff);
  }

  /** Keeps what a stem weighs in a document, all its fields together. */
  private keep(place: number, keys: Uint32Array, lengths: readonly number[]): void {
    let [weight, bits] = [0, 0];
    for (let from = 0; from < keys.length;) {
      let to = from + 1;
      while (to < keys.length && keys[to] === keys[from]) to++;
      const at = keys[from]! & ((1 << FIELD_BITS) - 1);
      const { weight: worth, lengthShare, usualWords } = FIELDS[at]!;
      const length = 1 - lengthShare + (lengthShare * lengths[at]!) / usualWords;
      weight += (worth * (to - from)) / length;
      bits |= 1 << at;
      from = to;
    }
    const whole = Math.min(Math.max(Math.floor(weight * WEIGHT_UNITS), 1), MAX_WEIGHT);
    this.postings[keys[0]! >> FIELD_BITS]!.push((place * 0x10000 + whole) * 0x80 + bits);
  }

  finish(): IndexData {
    const stems = Array.from(this.idOf.keys()).sort();
    const size = this.postings.reduce((sum, { length }) => sum + length, 0);
    const starts = new Uint32Array(stems.length + 1);
    const [documents, weights, fields] = [new Uint32Array(size), new Uint16Array(size), new Uint8Array(size)];
    let at = 0;
    stems.forEach((text, n) => {
      for (const packed of this.postings[this.idOf.get(text)!]!) {
        const rest = Math.floor(packed / 0x80);
        documents[at] = Math.floor(rest / 0x10000);
        weights[at] = rest % 0x10000;
        fields[at++] = packed % 0x80;
      }
      starts[n + 1] = at;
    });
    return {
      names: this.names.finish(),
      stems: joined(stems),
      starts,
      documents,
      weights,
      fields,
      priors: Float64Array.from(this.priors),
      roles: Uint8Array.from(this.roles),
      nameStems: Uint8Array.from(this.nameStems)
    };
  }
}
