/** Places of a symbol's callers left of it and of what it calls right of it, one column for each step. */
import type { SymbolTable } from '$lib/docpack/source';
import { byRoleOrder, type ImpactAnswer, type Reached } from '$lib/query/answers';
import { SURE } from './words';

export const COLUMN_PX = 200;
export const GUTTER_PX = 56;
export const HEAD_PX = 52;
export const PART_PX = 28;
export const NODE_PX = 48;

export type Item = { part: string; node?: undefined } | { part?: undefined; node: Reached };

export interface Column {
  side: 'callers' | 'callees';
  depth: number;
  x: number;
  /** How many of each role are this many steps away, the product first. */
  roles: [role: string, n: number][];
  items: Item[];
  /** Nodes that are not drawn. */
  hidden: number;
}

export interface Link {
  d: string;
  isUncertain: boolean;
}

export interface Butterfly {
  columns: Column[];
  links: Link[];
  centreX: number;
  width: number;
  height: number;
}

/** Where the chosen symbol's own card ends: it is as high as a column's head. */
const CENTRE_Y = HEAD_PX + PART_PX + NODE_PX / 2;

export function layOut(
  { groups, callees }: ImpactAnswer,
  table: SymbolTable,
  roleOf: (symbol: number) => string,
  depth: number,
  mostNodes: number
): Butterfly {
  const callers = groups.flatMap(({ rows }) => rows);
  const counts = (d: number) =>
    groups.map(({ role, byDepth }): [string, number] => [role, byDepth[d - 1] ?? 0]).filter(([, n]) => n > 0);
  const depths = Array.from({ length: depth }, (_, n) => n + 1);
  const at = (rows: Reached[], d: number) => rows.filter((row) => row.depth === d);
  const left = depths
    .filter((d) => at(callers, d).length > 0)
    .reverse()
    .map((d) => columnOf('callers', d, at(callers, d), counts(d), table, roleOf, mostNodes));
  const right = depths
    .filter((d) => at(callees, d).length > 0)
    .map((d) => {
      const rows = at(callees, d);
      return columnOf('callees', d, rows, countRoles(rows, roleOf), table, roleOf, mostNodes);
    });
  const step = COLUMN_PX + GUTTER_PX;
  const columns = [...left, ...right];
  columns.forEach((column, n) => (column.x = (n < left.length ? n : n + 1) * step));
  const centreX = left.length * step;
  return {
    columns,
    links: linksOf(columns, centreX),
    centreX,
    width: (columns.length + 1) * step - GUTTER_PX,
    height: Math.max(CENTRE_Y * 2, ...columns.map(heightOf))
  };
}

function columnOf(
  side: Column['side'],
  depth: number,
  rows: Reached[],
  roles: [string, number][],
  table: SymbolTable,
  roleOf: (symbol: number) => string,
  most: number
): Column {
  const partOf = ({ symbol }: Reached) => {
    const { path } = table.files[table.file[symbol]!]!;
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || 'top folder';
    const role = roleOf(symbol);
    return role === 'product' ? folder : `${folder}, ${role.replaceAll('_', ' ')}`;
  };
  const known = roles.reduce((sum, [, n]) => sum + n, 0);
  const shown = rows.slice(0, most);
  const byPart = new Map<string, Reached[]>();
  shown.sort((a, b) => byRoleOrder(roleOf(a.symbol), roleOf(b.symbol)));
  for (const row of shown) byPart.set(partOf(row), [...(byPart.get(partOf(row)) ?? []), row]);
  const items = Array.from(byPart).flatMap(([part, nodes]): Item[] => [{ part }, ...nodes.map((node) => ({ node }))]);
  return { side, depth, x: 0, roles, items, hidden: known - shown.length };
}

function countRoles(rows: Reached[], roleOf: (symbol: number) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const { symbol } of rows) counts.set(roleOf(symbol), (counts.get(roleOf(symbol)) ?? 0) + 1);
  return Array.from(counts).sort(([a], [b]) => byRoleOrder(a, b));
}

const heightOf = ({ items, hidden }: Column) =>
  items.reduce((sum, item) => sum + (item.node ? NODE_PX : PART_PX), HEAD_PX) + (hidden > 0 ? PART_PX : 0);

/** Curves between each node and the one before it on its way. */
function linksOf(columns: Column[], centreX: number): Link[] {
  const yOf = new Map<string, number>();
  const placed: { column: Column; node: Reached; y: number }[] = [];
  for (const column of columns) {
    let y = HEAD_PX;
    for (const { node } of column.items) {
      if (node) {
        yOf.set(`${column.side} ${column.depth} ${node.symbol}`, y + NODE_PX / 2);
        placed.push({ column, node, y: y + NODE_PX / 2 });
      }
      y += node ? NODE_PX : PART_PX;
    }
  }
  const xOf = new Map(columns.map(({ side, depth, x }) => [`${side} ${depth}`, x]));
  return placed.flatMap(({ column: { side, depth, x }, node, y }) => {
    const isFirst = depth === 1;
    const otherX = isFirst ? centreX : xOf.get(`${side} ${depth - 1}`);
    const otherY = isFirst ? CENTRE_Y : yOf.get(`${side} ${depth - 1} ${node.from}`);
    if (otherX === undefined || otherY === undefined) return [];
    const [from, to] = side === 'callers' ? [x + COLUMN_PX, otherX] : [otherX + COLUMN_PX, x];
    const [fromY, toY] = side === 'callers' ? [y, otherY] : [otherY, y];
    const middle = (from + to) / 2;
    const d = `M${from} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${to} ${toY}`;
    return [{ d, isUncertain: node.confidence < SURE }];
  });
}
