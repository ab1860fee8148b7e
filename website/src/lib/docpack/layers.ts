import { ENTRY_TABLE } from './entry-table';
import { Cursor } from './scan';
import { Sha256 } from './sha256';
import type { Entry } from './tar';

/** How far a part of a pack can be trusted to come out equal again. */
export const LAYERS = ['facts', 'semantics', 'prose'] as const;
export type Layer = (typeof LAYERS)[number];

/** What the format says of its entries, generated from its definition. */
export interface EntryTable {
  required: readonly string[];
  /** JSON entries that go on in parts. */
  divisible: readonly string[];
  /** Entries of bytes, not of JSON. */
  bytes: readonly string[];
  /** In the order of the archive, in which the digests of layers take them. */
  layers: readonly EntryRow[];
}

interface EntryRow {
  entry: string;
  /** Holds every member that `members` does not name. */
  layer: Layer;
  members: readonly MemberRow[];
}

interface MemberRow {
  member: string;
  layer: Layer;
  /** Fields of the member, or of each of its elements, that are of another layer. */
  fields: Readonly<Record<string, Layer>>;
  /** The field that goes with its element into every layer. */
  identity: string | null;
  /** Elements that are of another layer as a whole: by this field, with this value. */
  elements: { field: string; value: string; layer: Layer } | null;
}

/** A row with its fields in a map, because a pack may name a field as it likes. */
type MemberRule = Omit<MemberRow, 'fields'> & { fields: ReadonlyMap<string, Layer> };

const ROWS: ReadonlyMap<string, EntryRow> = new Map(ENTRY_TABLE.layers.map((row) => [row.entry, row]));
const PLACES: ReadonlyMap<string, number> = new Map(ENTRY_TABLE.layers.map(({ entry }, place) => [entry, place]));
const MEMBERS: ReadonlyMap<string, MemberRule> = new Map(
  ENTRY_TABLE.layers.flatMap(({ entry, members }) =>
    members.map((row): [string, MemberRule] => [
      `${entry}#${row.member}`,
      { ...row, fields: new Map(Object.entries(row.fields)) }
    ])
  )
);
const LINE_FEED = new Uint8Array([10]);
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Gives the name of the entry that `nodes.0001.json` is a part of. */
export function wholeName(path: string): string {
  const whole = path.replace(/\.\d{4}\.json$/, '.json');
  return ENTRY_TABLE.divisible.includes(whole) ? whole : path;
}

/** Takes entries in archive order, parts included, and gives the digests of the three layers. */
export class LayerHasher {
  private readonly streams = new Map<string, Partial<Record<Layer, Sha256>>>();

  add({ path, bytes }: Entry): void {
    const row = ROWS.get(wholeName(path));
    if (!row) return;
    if (ENTRY_TABLE.bytes.includes(path)) {
      this.line(path, row.layer, bytes);
      return;
    }
    const cursor = new Cursor(bytes);
    cursor.expect(0x7b);
    for (let key = cursor.nextKey(true); key !== null; key = cursor.nextKey(false)) {
      this.member(row, decode(key.subarray(1, -1)), cursor);
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

  private member({ entry, layer }: EntryRow, key: string, cursor: Cursor): void {
    const name = `${entry}#${key}`;
    const rule = MEMBERS.get(name) ?? { member: key, layer, fields: new Map(), identity: null, elements: null };
    if (cursor.peek() !== 0x5b) {
      this.element(name, rule, cursor.value());
      return;
    }
    cursor.expect(0x5b);
    for (let isFirst = true; cursor.nextElement(isFirst); isFirst = false) {
      this.element(name, rule, cursor.value());
    }
  }

  private element(name: string, rule: MemberRule, value: Uint8Array): void {
    if (value[0] === 0x7b && rule.elements) {
      const { field, value: wanted, layer: other } = rule.elements;
      this.line(name, hasField(value, field, wanted) ? other : rule.layer, value);
    } else if (value[0] === 0x7b && rule.fields.size > 0) {
      this.divided(name, rule, value);
    } else {
      this.line(name, rule.layer, value);
    }
  }

  /** Divides one object's fields among the layers; a layer that gets only the identity gets nothing. */
  private divided(name: string, { layer: own, fields, identity }: MemberRule, object: Uint8Array) {
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
