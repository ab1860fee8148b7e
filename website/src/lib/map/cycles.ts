import type { Part } from './parts';

/** Two parts that use each other; `down` is the heavier way. */
export interface Cycle {
  upper: Part;
  lower: Part;
  down: number;
  up: number;
}

const MAX_CYCLES = 6;

/** Lists the pairs of parts that use each other, of a level and what is drawn in it, the heaviest way back first. */
export function cyclesOf(root: Part): Cycle[] {
  const found: Cycle[] = [];
  const visit = ({ parts, joins }: Part) => {
    const weights = new Map(joins.map(({ from, to, weight }) => [`${from} ${to}`, weight]));
    for (const { from, to, weight } of joins) {
      const back = weights.get(`${to} ${from}`) ?? 0;
      if (parts[from]!.kind === 'rest' || parts[to]!.kind === 'rest') continue;
      if (back === 0 || weight < back || (weight === back && from > to)) continue;
      found.push({ upper: parts[from]!, lower: parts[to]!, down: weight, up: back });
    }
    parts.forEach(visit);
  };
  visit(root);
  return found.sort((a, b) => b.up - a.up || a.upper.first - b.upper.first).slice(0, MAX_CYCLES);
}
