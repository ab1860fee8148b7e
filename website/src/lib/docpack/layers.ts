import { Cursor } from './scan';
import { Sha256 } from './sha256';
import type { Entry } from './tar';

/** How far a part of a pack can be trusted to come out equal again. */
export const LAYERS = ['facts', 'semantics', 'prose'] as const;
export type Layer = (typeof LAYERS)[number];

interface MemberRule {
  layer?: Layer;
  /** Fields of the member, or of each of its elements, that are of another layer. */
  fields?: ReadonlyMap<string, Layer>;
  /** The field that goes with its element into every layer. */
  identity?: string;
  /** Elements that are of another layer as a whole: by this field, with this value. */
  elements?: { field: string; value: string; layer: Layer };
}

interface EntryRule {
  entry: string;
  layer: Layer;
  members?: ReadonlyMap<string, MemberRule>;
}

/** In the order in which the digests of layers take them. */
const RULES: readonly EntryRule[] = [
  { entry: 'layout.json', layer: 'semantics' },
  {
    entry: 'quality.json',
    layer: 'facts',
    members: new Map<string, MemberRule>([
      ['neighbour_search', { layer: 'semantics' }],
      ['summaries', { layer: 'prose' }]
    ])
  },
  { entry: 'clusters.json', layer: 'semantics' },
  { entry: 'overviews.json', layer: 'prose' },
  { entry: 'source_map.json', layer: 'facts' },
  {
    entry: 'nodes.json',
    layer: 'facts',
    members: new Map<string, MemberRule>([
      [
        'symbols',
        {
          identity: 'id',
          fields: new Map<string, Layer>([
            ['centrality', 'semantics'],
            ['cluster_id', 'semantics'],
            ['documentation', 'prose']
          ])
        }
      ]
    ])
  },
  {
    entry: 'graph.json',
    layer: 'facts',
    members: new Map<string, MemberRule>([
      ['edges', { elements: { field: 'kind', value: 'related', layer: 'semantics' } }],
      ['metrics', { fields: new Map<string, Layer>([['modularity', 'semantics']]) }]
    ])
  },
  { entry: 'bodies.json', layer: 'facts' },
  {
    entry: 'insights.json',
    layer: 'facts',
    members: new Map<string, MemberRule>([['words', { layer: 'prose' }]])
  },
  { entry: 'symbol_contexts.json', layer: 'prose' },
  { entry: 'embeddings_index.json', layer: 'semantics' },
  { entry: 'tour.json', layer: 'facts' }
];

/** Entries of bytes, not of JSON. */
const VECTORS = ['embeddings.bin', 'vectors.bin'];
const PLACES = new Map([...RULES.map(({ entry }) => entry), ...VECTORS].map((entry, place) => [entry, place]));
const LINE_FEED = new Uint8Array([10]);
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Gives the name of the entry that `nodes.0001.json` is a part of. */
export function wholeName(path: string): string {
  return path.replace(/^(nodes|graph|source_map|bodies)\.\d{4}\.json$/, '$1.json');
}

/** Takes entries in archive order, parts included, and gives the digests of the three layers. */
export class LayerHasher {
  private readonly streams = new Map<string, Partial<Record<Layer, Sha256>>>();

  add({ path, bytes }: Entry): void {
    if (VECTORS.includes(path)) {
      this.line(path, 'semantics', bytes);
      return;
    }
    const rule = RULES.find(({ entry }) => entry === wholeName(path));
    if (!rule) return;
    const cursor = new Cursor(bytes);
    cursor.expect(0x7b);
    for (let key = cursor.nextKey(true); key !== null; key = cursor.nextKey(false)) {
      this.member(rule, decode(key.subarray(1, -1)), cursor);
    }
    cursor.finish();
  }

  finish(): Record<Layer, string> {
    const names = [...this.streams.keys()].sort(byPlace);
    const digests = LAYERS.map((layer) => {
      const lines = names.flatMap((name) => {
        const hasher = this.streams.get(name)?.[layer];
        return hasher ? [`${hasher.hex()}  ${name}\n`] : [];
      });
      return [layer, `sha256:${new Sha256().update(encode(lines.join(''))).hex()}`] as const;
    });
    return Object.fromEntries(digests) as Record<Layer, string>;
  }

  private member(entry: EntryRule, key: string, cursor: Cursor): void {
    const name = `${entry.entry}#${key}`;
    const rule = entry.members?.get(key) ?? {};
    const layer = rule.layer ?? entry.layer;
    if (cursor.peek() !== 0x5b) {
      this.element(name, layer, rule, cursor.value());
      return;
    }
    cursor.expect(0x5b);
    for (let isFirst = true; cursor.nextElement(isFirst); isFirst = false) {
      this.element(name, layer, rule, cursor.value());
    }
  }

  private element(name: string, layer: Layer, rule: MemberRule, value: Uint8Array): void {
    if (value[0] === 0x7b && rule.elements) {
      const { field, value: wanted, layer: other } = rule.elements;
      this.line(name, hasField(value, field, wanted) ? other : layer, value);
    } else if (value[0] === 0x7b && rule.fields) {
      this.divided(name, layer, rule.fields, rule.identity, value);
    } else {
      this.line(name, layer, value);
    }
  }

  /** Divides one object's fields among the layers; a layer that gets only the identity gets nothing. */
  private divided(
    name: string,
    own: Layer,
    fields: ReadonlyMap<string, Layer>,
    identity: string | undefined,
    object: Uint8Array
  ) {
    const pieces: Record<Layer, Uint8Array[]> = { facts: [], semantics: [], prose: [] };
    const counts: Record<Layer, number> = { facts: 0, semantics: 0, prose: 0 };
    const cursor = new Cursor(object);
    cursor.expect(0x7b);
    for (let key = cursor.nextKey(true); key !== null; key = cursor.nextKey(false)) {
      const field = decode(key.subarray(1, -1));
      const value = cursor.value();
      const layer = fields.get(field) ?? own;
      for (const at of LAYERS) {
        if (field !== identity && at !== layer) continue;
        pieces[at].push(pieces[at].length === 0 ? OPEN : COMMA, key, COLON, value);
        if (field !== identity) counts[at]++;
      }
    }
    for (const at of LAYERS) if (counts[at] > 0) this.line(name, at, ...pieces[at], CLOSE);
  }

  private line(name: string, layer: Layer, ...pieces: Uint8Array[]): void {
    const stream = this.streams.get(name) ?? {};
    this.streams.set(name, stream);
    const hasher = (stream[layer] ??= new Sha256());
    for (const piece of pieces) hasher.update(piece);
    hasher.update(LINE_FEED);
  }
}

const OPEN = encode('{');
const CLOSE = encode('}');
const COMMA = encode(',');
const COLON = encode(':');

function byPlace(a: string, b: string): number {
  const [entryA = a, memberA = ''] = a.split('#');
  const [entryB = b, memberB = ''] = b.split('#');
  const places = (PLACES.get(entryA) ?? 0) - (PLACES.get(entryB) ?? 0);
  return places !== 0 ? places : memberA < memberB ? -1 : memberA > memberB ? 1 : 0;
}

function hasField(object: Uint8Array, field: string, wanted: string): boolean {
  const cursor = new Cursor(object);
  cursor.expect(0x7b);
  for (let key = cursor.nextKey(true); key !== null; key = cursor.nextKey(false)) {
    const value = cursor.value();
    if (decode(key) === `"${field}"`) return decode(value) === `"${wanted}"`;
  }
  return false;
}

/** Computes `docpack_id`: over the canonical manifest without `docpack_id` and `checksum.value`. */
export function docpackId(manifest: Uint8Array): string {
  const kept = members(manifest).flatMap(({ key, value }) => {
    if (key === '"docpack_id"') return [];
    if (key !== '"checksum"') return [`${key}:${decode(value)}`];
    const rest = members(value).filter((member) => member.key !== '"value"');
    return [`${key}:{${rest.map((member) => `${member.key}:${decode(member.value)}`).join(',')}}`];
  });
  return `sha256:${new Sha256().update(encode(`{${kept.join(',')}}`)).hex()}`;
}

function members(object: Uint8Array): { key: string; value: Uint8Array }[] {
  const out: { key: string; value: Uint8Array }[] = [];
  const cursor = new Cursor(object);
  cursor.expect(0x7b);
  for (let key = cursor.nextKey(true); key !== null; key = cursor.nextKey(false)) {
    out.push({ key: decode(key), value: cursor.value() });
  }
  cursor.finish();
  return out;
}
