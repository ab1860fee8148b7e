/** Rows of text that lie one behind another, so that one pass of the engine's own search goes over many of them. */
export interface Haystack {
  /** Each row begins with a line feed, which no word of a query has. */
  readonly pieces: readonly string[];
  /** The row that each piece begins with. */
  readonly firsts: readonly number[];
  /** By row, where it begins in its piece, and where it ends. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Engines hold strings of some 2^29 characters, and one wide character makes all of its string wide. */
const PIECE_CHARS = 1 << 20;

export function haystackOf(rows: readonly string[], pieceChars = PIECE_CHARS): Haystack {
  const [starts, ends] = [new Uint32Array(rows.length), new Uint32Array(rows.length)];
  const [pieces, firsts]: [string[], number[]] = [[], []];
  let chars = 0;
  rows.forEach((row, at) => {
    if (at === 0 || chars + row.length >= pieceChars) {
      firsts.push(at);
      chars = 0;
    }
    starts[at] = chars;
    chars += 1 + row.length;
    ends[at] = chars;
  });
  firsts.forEach((first, n) => pieces.push(`\n${rows.slice(first, firsts[n + 1]).join('\n')}`));
  return { pieces, firsts, starts, ends };
}

export function charsOf({ pieces }: Haystack): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Visits each row that has a text, in order; `at` is where the first one begins and `piece` what it stands in. */
export function eachRow({ pieces, firsts, starts, ends }: Haystack, text: string, visit: (row: number, at: number, piece: string) => void): void {
  for (let n = 0; n < pieces.length; n++) {
    const piece = pieces[n]!;
    let row = firsts[n]!;
    for (let at = piece.indexOf(text); at !== -1; at = piece.indexOf(text, ends[row])) {
      while (ends[row]! <= at) row++;
      visit(row, at, piece);
    }
  }
}

/** Visits each row that begins with a text. */
export function eachRowFrom(stack: Haystack, text: string, visit: (row: number, isAll: boolean) => void): void {
  eachRow(stack, `\n${text}`, (row, at) => {
    if (at === stack.starts[row]) visit(row, at + 1 + text.length === stack.ends[row]);
  });
}
