import { aggregate, type GroupEdge } from '$lib/map/aggregate';
import type { Language } from '$lib/docpack/records';
import type { EdgeTable, PackHead, SymbolTable } from '$lib/docpack/source';

/** What can be said of a cluster in a few lines. */
export interface ClusterFacts {
  symbols: number;
  /** With how many symbols each, most first. */
  languages: { language: Language; symbols: number }[];
  /** The most central symbols, highest first. */
  central: number[];
  /** Clusters that it has most dependencies with; `uses` lead there, `usedBy` come from there. */
  neighbours: { cluster: number; uses: number; usedBy: number }[];
}

/** More would be a list of its own, and the symbols stand below. */
const CENTRAL = 3;
const NEIGHBOURS = 3;

/** Counts dependencies between clusters; the same for all of them, so it is done once. */
export function clusterJoins(head: PackHead, edges: EdgeTable): GroupEdge[] {
  return aggregate(edges, head.cluster, head.clusters.length);
}

export function clusterFacts(
  head: PackHead,
  table: SymbolTable,
  joins: readonly GroupEdge[],
  cluster: number
): ClusterFacts {
  const members = Array.from(head.cluster.keys()).filter((symbol) => head.cluster[symbol] === cluster);
  const ofLanguage = new Map<number, number>();
  for (const symbol of members)
    ofLanguage.set(table.language[symbol]!, (ofLanguage.get(table.language[symbol]!) ?? 0) + 1);
  const languages = Array.from(ofLanguage, ([code, symbols]) => ({
    language: table.words.language[code]!,
    symbols
  })).sort((a, b) => b.symbols - a.symbols || (a.language < b.language ? -1 : 1));
  const central = members
    .filter((symbol) => table.centrality[symbol]! > 0)
    .sort((a, b) => table.centrality[b]! - table.centrality[a]! || a - b)
    .slice(0, CENTRAL);
  return { symbols: members.length, languages, central, neighbours: neighboursOf(joins, cluster) };
}

function neighboursOf(joins: readonly GroupEdge[], cluster: number): ClusterFacts['neighbours'] {
  const found = new Map<number, { uses: number; usedBy: number }>();
  for (const { from, to, weight } of joins) {
    if (from !== cluster && to !== cluster) continue;
    const other = from === cluster ? to : from;
    const counts = found.get(other) ?? { uses: 0, usedBy: 0 };
    counts[from === cluster ? 'uses' : 'usedBy'] += weight;
    found.set(other, counts);
  }
  const sum = ({ uses, usedBy }: { uses: number; usedBy: number }) => uses + usedBy;
  return Array.from(found, ([other, counts]) => ({ cluster: other, ...counts }))
    .sort((a, b) => sum(b) - sum(a) || a.cluster - b.cluster)
    .slice(0, NEIGHBOURS);
}

/** From here on a cluster's symbols clearly belong together, and below the other they hardly do. */
const CLOSE = 0.65;
const LOOSE = 0.35;

/** Says how close a cluster is; what the figure means depends on whether its texts were compared. */
export function cohesionWords(cohesion: number, hasVectors: boolean): { word: string; meaning: string } {
  const word = cohesion >= CLOSE ? 'high' : cohesion >= LOOSE ? 'medium' : 'low';
  return {
    word,
    meaning: hasVectors
      ? 'how similar its symbols are in meaning, from 0 to 1'
      : 'the share of its references that stay inside it'
  };
}
