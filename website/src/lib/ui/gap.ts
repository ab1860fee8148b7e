import type { Gap } from '$lib/docpack/records';
import { counted, words } from './format';

/** Explains each code of a gap; an unknown code is shown as it is. */
const REASONS: Readonly<Record<string, string>> = {
  file_too_large: 'too large to parse; its symbols are not listed',
  parse_budget_exceeded: 'too complex to parse; its symbols are not listed',
  parse_too_deep: 'deeply nested code is missing',
  too_many_symbols: 'only the first symbols are listed',
  parser_crashed: 'the parser crashed; its symbols are not listed'
};

/** Says which part of a file was not read: `2 places, the first on line 5`. */
export function gapText({ code, places, line }: Gap): string {
  if (code !== 'syntax_error') return Object.hasOwn(REASONS, code) ? REASONS[code]! : words(code);
  const where = line === null ? '' : places === 1 ? `, line ${line}` : `, the first on line ${line}`;
  return `${counted(places, 'place')}${where}`;
}
