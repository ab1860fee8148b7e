import type { ApiClient, DocpackSummary, Schemas } from '$lib/api/client';
import { fetchStored } from '$lib/site/stored';

/** Packs that are offered for comparison: more would fill a phone's screen with choices. */
const MAX_OFFERED = 50;
/** Rows of each list; the rest is counted. */
const MAX_ROWS = 200;

/** What the page of changes shows. */
export interface Changes {
  pack: Schemas['Docpack'];
  /** Other packs of the same repository, newest first. */
  others: DocpackSummary[];
  /** Which of them is compared; null if there is no other. */
  from: string | null;
  difference: Schemas['Difference'] | null;
  account: string | null;
}

/** Whose pack it is, and which other one it is compared with. */
interface Wanted {
  from: string | null;
  account: string | null;
}

const withPrefix = (id: string) => (id.startsWith('sha256:') ? id : `sha256:${id}`);
/** The digits of an id, as addresses of this site have them. */
export const digits = (id: string) => id.replace('sha256:', '');

/** Loads a pack, the others of its repository, and what changed since one of them. */
export async function fetchChanges(site: ApiClient, id: string, { from, account }: Wanted): Promise<Changes> {
  const { api, pack } = await fetchStored(site, id, { account });
  const repository = pack.repo_url;
  const page = repository ? await api.docpacks({ repo_url: repository, limit: MAX_OFFERED }) : { items: [] };
  const others = page.items.filter((other) => other.docpack_id !== pack.docpack_id);
  const chosen = from !== null ? withPrefix(from) : (others[0]?.docpack_id ?? null);
  const difference = chosen === null ? null : await api.diff(chosen, pack.docpack_id, { limit: MAX_ROWS });
  return { pack, others, from: chosen, difference, account };
}

/** Names a pack by its tag or branch and its commit. */
export function versionOf(version: {
  git_ref?: string | null;
  commit_hash?: string | null;
  docpack_id: string;
}): string {
  const commit = version.commit_hash?.slice(0, 10);
  const named = [version.git_ref, commit].filter(Boolean).join(' at ');
  return named === '' ? digits(version.docpack_id).slice(0, 12) : named;
}

/** Verdicts in the order of the page, with their titles. */
export const VERDICTS = [
  ['breaking', 'Breaking changes'],
  ['unknown', 'Changes that a signature cannot judge'],
  ['compatible', 'Compatible changes']
] as const satisfies readonly (readonly [Schemas['Verdict'], string])[];

type Row = { name: string; note: string };
const place = (symbol: { file_path: string; line: number }) => `${symbol.file_path}:${symbol.line}`;

/** The other lists of a comparison as rows, without the empty ones. */
export function listsOf({ changes }: Schemas['Difference']): { title: string; rows: Row[] }[] {
  const { symbols, calls } = changes;
  const call = (it: Schemas['ComparedCall']): Row => ({
    name: `${it.from.qualified_name} → ${it.to.qualified_name}`,
    note: `confidence ${it.confidence.toFixed(2)}`
  });
  const symbol = (it: Schemas['SymbolRef']): Row => ({ name: it.qualified_name, note: place(it) });
  const lists = [
    {
      title: 'Moved or renamed',
      rows: symbols.moved.map((it) => ({
        name: `${it.before.qualified_name} → ${it.after.qualified_name}`,
        note: `${place(it.before)} → ${place(it.after)}`
      }))
    },
    { title: 'Symbols added', rows: symbols.added.map(symbol) },
    { title: 'Symbols removed', rows: symbols.removed.map(symbol) },
    { title: 'Calls won', rows: calls.added.map(call) },
    { title: 'Calls lost', rows: calls.removed.map(call) },
    { title: 'Calls that became ambiguous', rows: calls.became_ambiguous.map(call) },
    {
      title: 'New unresolved calls',
      rows: calls.unresolved_added.map((it) => ({ name: `${it.from.qualified_name} → ${it.name}`, note: it.reason }))
    },
    {
      title: 'Packages',
      rows: changes.packages.map((it) => ({
        name: it.package,
        note: it.n_calls_before === 0 ? 'newly called' : 'no longer called'
      }))
    },
    {
      title: 'Complexity',
      rows: changes.complexity.map((it) => ({
        name: it.after.qualified_name,
        note: `cognitive ${it.cognitive[0]} → ${it.cognitive[1]}, cyclomatic ${it.cyclomatic[0]} → ${it.cyclomatic[1]}`
      }))
    }
  ];
  return lists.filter((list) => list.rows.length > 0);
}
