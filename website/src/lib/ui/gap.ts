import { counted, words } from './format';

/** What a reason for a gap means, by its stable word; a word that is not known stands for itself. */
const REASONS: Readonly<Record<string, string>> = {
  file_too_large: 'too large to be parsed; only the file itself is listed',
  parse_budget_exceeded: 'the parser gave up; only the file itself is listed',
  parse_too_deep: 'what is nested too deep is left out',
  too_many_symbols: 'only the first symbols are listed',
  parser_crashed: 'a defect of the parser; only the file itself is listed'
};

export interface Gap {
  code: string;
  places: number;
  line: number | null;
}

/** Says what of a file was not read: `2 places, the first in line 5`. */
export function gapText({ code, places, line }: Gap): string {
  if (code !== 'syntax_error') return REASONS[code] ?? words(code);
  const where = line === null ? '' : places === 1 ? `, line ${line}` : `, the first in line ${line}`;
  return `${counted(places, 'place')}${where}`;
}
