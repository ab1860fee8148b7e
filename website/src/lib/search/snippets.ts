/** The line that shows best why something was found. */
import type { Pack } from '$lib/docpack/pack';
import type { Range, Snippet, SnippetOf } from '$lib/docpack/source';
import { Marker } from './marks';

/** Gives lines of a file that need not be fetched first. */
export type LinesAtHand = (path: string, first: number, last: number) => Promise<string[] | null>;

/** No list on a page is longer. */
const MAX_HITS = 200;
/** Lines of one definition or section that are looked at; what is said of it stands at its beginning. */
const MAX_LINES = 200;
/** Of a comment. */
const MAX_COMMENT_CHARS = 4_000;
const MAX_SHOWN_CHARS = 160;
/** What stands before the first mark of a long line. */
const LEAD_CHARS = 30;

interface Line {
  text: string;
  line: number | null;
}

export async function snippetsOf(
  pack: Pack,
  typed: string,
  hits: readonly SnippetOf[],
  lines: LinesAtHand
): Promise<(Snippet | null)[]> {
  const marker = new Marker(typed);
  const found: (Snippet | null)[] = [];
  for (const hit of hits.slice(0, MAX_HITS)) found.push(best(await linesOf(pack, hit, lines), marker));
  return found;
}

/** Lists what is said of a hit: first what is shown where no line holds a word of the query. */
async function linesOf(pack: Pack, hit: SnippetOf, lines: LinesAtHand): Promise<Line[]> {
  const said = (text: string | null | undefined): Line[] => sentences(text ?? '').map((text) => ({ text, line: null }));
  const written = async (path: string, first: number, last: number): Promise<Line[]> =>
    ((await lines(path, first, Math.min(last, first + MAX_LINES))) ?? []).map((text, n) => ({ text, line: first + n }));
  if (hit.kind === 'folder') return said(pack.overviews?.modules.find(({ path }) => path === hit.path)?.text);
  if (hit.kind === 'file') {
    const isModule = (kind: string, parent: string | null) => kind === 'module' && parent === null;
    const module = pack.symbols.find((each) => each.file_path === hit.path && isModule(each.kind, each.parent));
    return said(module?.doc_comment ?? module?.documentation?.summary);
  }
  if (hit.kind === 'section') {
    const sections = pack.documents.find(({ file_path }) => file_path === hit.path)?.sections ?? [];
    const at = sections.findIndex(({ line }) => line === hit.line);
    const end = sections[at + 1]?.line ?? Infinity;
    return (await written(hit.path, (hit.line ?? 0) + 1, end - 1)).filter(({ text }) => /\p{L}/u.test(text));
  }
  const symbol = pack.symbols[hit.symbol];
  if (!symbol) return [];
  const { start, end } = symbol.line_range;
  const comment = said(symbol.doc_comment);
  const signature = { text: symbol.signature.replace(/\s+/g, ' '), line: start };
  const known = [...comment, signature, ...(comment.length > 0 ? [] : said(symbol.documentation?.summary))];
  return hit.field === 'text' ? [...known, ...(await written(symbol.file_path, start, end))] : known;
}

/** The line that holds most words of the query; of equals the first. */
function best(lines: readonly Line[], marker: Marker): Snippet | null {
  let [most, found]: [number, Snippet | null] = [-1, null];
  for (const { text, line } of lines) {
    const trimmed = text.trim();
    if (trimmed === '') continue;
    const { marks, held } = marker.inText(trimmed);
    if (held > most) [most, found] = [held, { text: trimmed, line, marks }];
  }
  return found && shortened(found);
}

/** How comments of Python name code: `:meth:`~Flask.run``. */
const ROLE = /:[a-z:]{2,20}:`[~.]*([^`]*)`/g;

function sentences(text: string): string[] {
  const joined = text.slice(0, MAX_COMMENT_CHARS).replace(ROLE, '$1').replaceAll('`', '').replace(/\s+/g, ' ').trim();
  return joined === '' ? [] : joined.split(/(?<=[.!?]) (?=[\p{Lu}*\d])/u);
}

/** Cuts a long line so that its first mark is seen. */
function shortened({ text, line, marks }: Snippet): Snippet {
  const first = marks[0]?.[0] ?? 0;
  let from = first > LEAD_CHARS * 2 ? text.lastIndexOf(' ', first - LEAD_CHARS) + 1 : 0;
  if (from === 0 && first > MAX_SHOWN_CHARS - LEAD_CHARS) from = first;
  const lead = from > 0 ? '… ' : '';
  const cut = text.slice(from, from + MAX_SHOWN_CHARS);
  const shift = lead.length - from;
  const kept = marks
    .map(([start, end]): Range => [start + shift, Math.min(end + shift, lead.length + cut.length)])
    .filter(([start, end]) => start >= lead.length && start < end);
  return { text: lead + cut, line, marks: kept };
}
