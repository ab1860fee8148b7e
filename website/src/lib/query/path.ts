/** The shortest way from one symbol to another; `common/query/src/path.rs` does the same. */
import { CERTAIN, isUse, type MapEdge, type QueryMap } from './map';

const MAX_STEPS = 20_000_000;

export interface Step {
  from: number;
  to: number;
  /** Place in `graph.json`. */
  edge: number;
}

export interface Route {
  /** Empty where both symbols are the same. */
  steps: Step[];
  /** Of the weakest step, in millionths. */
  confidence: number;
}

/** Follows calls; where they do not lead there, uses of a function as a value too. */
export function path(map: QueryMap, from: number, to: number): Route | null {
  return search(map, from, to, ({ kind }) => kind === 'calls') ?? search(map, from, to, isUse);
}

interface Reached {
  confidence: number;
  by: MapEdge | null;
}

function search(map: QueryMap, from: number, to: number, follows: (edge: MapEdge) => boolean): Route | null {
  const reached = new Map<number, Reached>([[from, { confidence: CERTAIN, by: null }]]);
  let level = [from];
  let nSteps = 0;
  while (level.length > 0 && !reached.has(to)) {
    const next = new Map<number, Reached>();
    for (const at of level) {
      const soFar = reached.get(at)!.confidence;
      for (const edge of map.leaving(at)) {
        if (!follows(edge)) continue;
        nSteps++;
        if (nSteps > MAX_STEPS || reached.has(edge.target)) continue;
        const confidence = Math.min(soFar, edge.confidence);
        const best = next.get(edge.target);
        // Symbols of a level come in the order of their rows, so the first of equals stays.
        if (!best || confidence > best.confidence) next.set(edge.target, { confidence, by: edge });
      }
    }
    level = Array.from(next.keys()).sort((a, b) => a - b);
    for (const [symbol, how] of next) reached.set(symbol, how);
  }
  const end = reached.get(to);
  if (!end) return null;
  const steps: Step[] = [];
  for (let at = end; at.by !== null; at = reached.get(at.by.source)!)
    steps.unshift({ from: at.by.source, to: at.by.target, edge: at.by.record });
  return { steps, confidence: end.confidence };
}
