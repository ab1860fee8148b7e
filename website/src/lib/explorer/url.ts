import type { Language, Role, SymbolKind, Visibility } from '$lib/docpack/records';

export const VIEWS = ['guide', 'map', 'symbols', 'files', 'quality', 'pack', 'impact', 'ask'] as const;
export type View = (typeof VIEWS)[number];

/** Views that addresses of before name, and what shows the same now. */
const FORMER_VIEWS: Readonly<Record<string, View>> = { tour: 'guide', overview: 'guide' };

/** Steps of an impact that can be drawn. */
export const DEPTHS = [1, 2, 3, 4] as const;

export const ORDERS = ['centrality', 'name', 'path', 'complexity', 'in_degree'] as const;
export type Order = (typeof ORDERS)[number];

/** Everything about the explorer that a link can hold. */
export interface Place {
  view: View;
  symbol: string | null;
  cluster: string | null;
  /** The chapter of the guide; empty for the first. */
  chapter: string;
  /** The file whose text is shown; empty for none. */
  file: string;
  /** The line of it that is pointed at; 0 for none. */
  line: number;
  kinds: SymbolKind[];
  languages: Language[];
  visibilities: Visibility[];
  roles: Role[];
  /** The symbol that a way from the chosen one leads to, and how many steps of its impact are drawn. */
  to: string | null;
  depth: number;
  path: string;
  text: string;
  order: Order;
  /** The folder or file that the map shows; empty for the whole. */
  part: string;
  /** A symbol of that file, which the map shows from inside. */
  inside: string | null;
  /** How many parts, the heaviest first, the map leaves out. */
  rest: number;
  /** Whether the map shows tests and examples too. */
  withTests: boolean;
}

export const START: Place = {
  view: 'guide',
  symbol: null,
  cluster: null,
  chapter: '',
  file: '',
  line: 0,
  kinds: [],
  languages: [],
  visibilities: [],
  roles: [],
  to: null,
  depth: 2,
  path: '',
  text: '',
  order: 'centrality',
  part: '',
  inside: null,
  rest: 0,
  withTests: false
};

/** Writes a place as a query; what is as at the start is left out. */
export function encodePlace(place: Place): string {
  const query = new URLSearchParams();
  // Without a view, a link with a part means the map, and one with a cluster its symbols.
  if (place.view !== START.view || place.part !== '' || place.cluster !== null) query.set('view', place.view);
  if (place.symbol !== null) query.set('symbol', place.symbol);
  if (place.cluster !== null) query.set('cluster', place.cluster);
  if (place.chapter !== '') query.set('chapter', place.chapter);
  if (place.file !== '') query.set('file', place.file);
  if (place.file !== '' && place.line > 0) query.set('line', String(place.line));
  if (place.kinds.length > 0) query.set('kind', place.kinds.join('.'));
  if (place.languages.length > 0) query.set('language', place.languages.join('.'));
  if (place.visibilities.length > 0) query.set('visibility', place.visibilities.join('.'));
  if (place.roles.length > 0) query.set('role', place.roles.join('.'));
  if (place.to !== null) query.set('to', place.to);
  if (place.depth !== START.depth) query.set('depth', `${place.depth}`);
  if (place.path !== '') query.set('path', place.path);
  if (place.text !== '') query.set('q', place.text);
  if (place.order !== START.order) query.set('order', place.order);
  if (place.part !== '') query.set('part', place.part);
  if (place.inside !== null) query.set('in', place.inside);
  if (place.rest > 0) query.set('rest', String(place.rest));
  if (place.withTests) query.set('tests', '1');
  return query.toString();
}

/** Reads a query; what it cannot be is as at the start. */
export function decodePlace(query: string): Place {
  const params = new URLSearchParams(query);
  const id = (name: string, prefix: string) => {
    const value = params.get(name);
    return value !== null && new RegExp(`^${prefix}[0-9a-f]{32}$`).test(value) ? value : null;
  };
  const cluster = id('cluster', 'c_');
  // Addresses of before name the folder that the map shows now; `.` was that of the files at the top.
  const folder = params.get('folder') ?? '';
  const part = params.get('part') ?? (folder === '.' ? '' : folder);
  return {
    view: folder !== '' ? 'map' : (readView(params.get('view')) ?? viewOf(part, cluster, params)),
    symbol: id('symbol', 'sym_'),
    cluster,
    chapter: readChapter(params.get('chapter')),
    file: params.get('file') ?? '',
    line: params.get('file') ? readLine(params.get('line')) : 0,
    kinds: wordsOf(params.get('kind')),
    languages: wordsOf(params.get('language')),
    visibilities: wordsOf(params.get('visibility')),
    roles: wordsOf(params.get('role')),
    to: id('to', 'sym_'),
    depth: DEPTHS.find((depth) => `${depth}` === params.get('depth')) ?? START.depth,
    path: params.get('path') ?? '',
    text: params.get('q') ?? '',
    order: oneOf(ORDERS, params.get('order')) ?? START.order,
    part,
    inside: id('in', 'sym_'),
    rest: /^\d{1,6}$/.test(params.get('rest') ?? '') ? Number(params.get('rest')) : 0,
    withTests: params.get('tests') === '1'
  };
}

/** What an address without a view is of. */
function viewOf(part: string, cluster: string | null, params: URLSearchParams): View {
  return part !== '' || params.has('camera') ? 'map' : cluster !== null ? 'symbols' : START.view;
}

function readChapter(text: string | null): string {
  return /^[a-z0-9_-]{1,80}$/.test(text ?? '') ? text! : '';
}

function readLine(text: string | null): number {
  return /^[1-9][0-9]{0,8}$/.test(text ?? '') ? Number(text) : 0;
}

function readView(text: string | null): View | null {
  if (text !== null && Object.hasOwn(FORMER_VIEWS, text)) return FORMER_VIEWS[text]!;
  return oneOf(VIEWS, text);
}

function oneOf<const T extends readonly string[]>(words: T, text: string | null): T[number] | null {
  return words.find((word) => word === text) ?? null;
}

/** More words than any list of the format has. */
const MAX_WORDS = 64;

/** Words as the format has them, each once; a pack may have others than this page knows. */
function wordsOf(text: string | null): string[] {
  const given = (text ?? '').split('.').filter((word) => /^[a-z0-9_]{1,64}$/.test(word));
  return [...new Set(given)].slice(0, MAX_WORDS);
}
