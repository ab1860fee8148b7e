/** What can be found, as plain values; `common/search/src/document.rs` and `role.rs` do the same. */

export type Kind = 'symbol' | 'file' | 'folder' | 'section';
export type Field = 'name' | 'qualified_name' | 'path' | 'signature' | 'documentation' | 'summary' | 'body';

/** One thing that can be found; texts that are not known are empty. */
export interface Document {
  kind: Kind;
  id: string;
  name: string;
  qualified_name: string;
  path: string;
  signature: string;
  documentation: string;
  summary: string;
  body: string;
  /** Empty for what is no symbol. */
  symbol_kind: string;
  role: string;
  centrality: number;
  exported: boolean;
}

interface FieldRule {
  field: Field;
  weight: number;
  /** How much a longer text counts less, 0 to 1. */
  lengthShare: number;
  usualWords: number;
  maxWords: number;
  keepsStopWords: boolean;
}

const rule = (
  field: Field,
  weight: number,
  lengthShare: number,
  usualWords: number,
  maxWords: number,
  keepsStopWords: boolean
): FieldRule => ({
  field,
  weight,
  lengthShare,
  usualWords,
  maxWords,
  keepsStopWords
});

/** By place of the field. */
export const FIELDS: readonly FieldRule[] = [
  rule('name', 3, 0.6, 2, 32, true),
  rule('qualified_name', 0.8, 0.5, 5, 64, true),
  rule('path', 1, 0.5, 4, 64, true),
  rule('signature', 0.7, 0.6, 10, 128, true),
  rule('documentation', 1, 0.5, 25, 400, false),
  rule('summary', 0.7, 0.6, 18, 128, false),
  rule('body', 0.5, 0.7, 30, 400, false)
];

const KIND_PRIOR: ReadonlyMap<string, number> = new Map(
  Object.entries({
    class: 1,
    struct: 1,
    trait: 1,
    interface: 1,
    function: 1,
    macro: 1,
    enum: 1,
    union: 1,
    method: 0.95,
    type_alias: 0.95,
    constructor: 0.85,
    constant: 0.8,
    static: 0.8,
    module: 0.75,
    field: 0.65,
    property: 0.65,
    variable: 0.65,
    enum_variant: 0.65,
    impl: 0.4
  })
);
const OTHER_SYMBOL = 0.9;
const UNEXPORTED = 0.75;
const CENTRALITY_SHARE = 0.5;

/** How likely it is meant before anything of the query is compared. */
export function priorOf({ kind, symbol_kind, exported, centrality }: Document): number {
  const reach = exported || kind !== 'symbol' ? 1 : UNEXPORTED;
  const ofKind =
    kind === 'file'
      ? 0.7
      : kind === 'folder'
        ? 0.6
        : kind === 'section'
          ? 0.8
          : (KIND_PRIOR.get(symbol_kind) ?? OTHER_SYMBOL);
  return ofKind * reach * (1 + CENTRALITY_SHARE * Math.sqrt(Math.min(Math.max(centrality, 0), 1)));
}

/** Roles, what they count against the product's 1, and the stems that ask for them. */
const ROLES: readonly { role: string; prior: number; words: readonly string[] }[] = [
  { role: 'test', prior: 0.35, words: ['test', 'spec', 'fixtur', 'mock'] },
  { role: 'example', prior: 0.5, words: ['exampl', 'demo', 'sampl', 'tutorial'] },
  { role: 'benchmark', prior: 0.35, words: ['benchmark', 'bench'] },
  { role: 'generated', prior: 0.4, words: ['gener'] },
  { role: 'script', prior: 0.6, words: ['script'] },
  { role: 'configuration', prior: 0.7, words: ['config', 'configur', 'setting'] },
  { role: 'documentation', prior: 0.9, words: ['doc', 'guide'] }
];
const ASKED_FOR = 0.9;

/** The place of a role: 0 for the product and for roles that are not known. */
export function placeOfRole(name: string): number {
  return ROLES.findIndex(({ role }) => role === name) + 1;
}

/** By place of the role, how much its documents count for a query of these stems. */
export function rolePriors(stems: readonly string[]): number[] {
  const priors = ROLES.map(({ prior, words }) =>
    stems.some((stem) => words.includes(stem)) ? Math.max(prior, ASKED_FOR) : prior
  );
  return [1, ...priors];
}

const ASIDE: readonly string[] = ['test', 'example', 'benchmark', 'generated'];

/** The places of roles that only exercise or show the product, without those that a query asks for. */
export function rolesAside(priors: readonly number[]): Set<number> {
  return new Set(ASIDE.map(placeOfRole).filter((place) => priors[place]! < ASKED_FOR));
}
