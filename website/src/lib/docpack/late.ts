import { fetchLate, isSourcePart, type Get } from './entries';
import { DocpackError } from './errors';
import { wholeName } from './layers';
import type { ReadLimits } from './limits';
import type { Pack } from './pack';
import type { Body } from './records';
import { parseJson } from './scan';
import * as shapes from './shapes';
import { SourceReader } from './source-text';
import type { Entry } from './tar';

/** The entries that a pack was read without, each of which is fetched when it is needed. A pack in a file has them all. */
export class LateEntries {
  private readonly pack: Pack;
  private readonly get: Get | null;
  private readonly limits: ReadLimits;
  private reader: Promise<SourceReader> | null = null;
  private bodiesById: Promise<Map<string, Body>> | null = null;

  constructor(pack: Pack, get: Get | null, limits: ReadLimits) {
    this.pack = pack;
    this.get = get;
    this.limits = limits;
  }

  /** Reads everything, so that every digest can be recomputed; source text is checked and not kept. */
  async readAll(): Promise<void> {
    const { pack, get, limits } = this;
    if (get === null) return;
    // Asked for again after a failure, what came before it is here.
    const here = new Set(pack.entries.map(({ path }) => path));
    const listed = pack.manifest.entries.filter(({ path }) => !here.has(path));
    for await (const entry of fetchLate(get, listed, limits)) {
      await (isSourcePart(entry.path) ? pack.check(entry) : pack.takeLate(entry, limits));
    }
  }

  async readVectors(): Promise<void> {
    if (this.pack.manifest.optional.has_vectors && this.pack.vectors === null) await this.readOne('vectors.bin');
  }

  /** Gives what each symbol does, step by step; null where the pack does not say it. */
  async bodies(): Promise<Map<string, Body> | null> {
    if (!this.pack.manifest.optional.has_bodies) return null;
    this.bodiesById ??= this.readBodies();
    this.bodiesById.catch(() => (this.bodiesById = null));
    return this.bodiesById;
  }

  private async readBodies(): Promise<Map<string, Body>> {
    const { pack, limits } = this;
    const here = new Set(pack.entries.map(({ path }) => path));
    const isBodies = ({ path }: { path: string }) => wholeName(path) === 'bodies.json';
    for (const { path } of pack.manifest.entries.filter(isBodies)) {
      if (!here.has(path)) await this.readOne(path);
    }
    const parts = pack.entries
      .filter(isBodies)
      .map(({ path, bytes }) => shapes.bodies(parseJson(path, bytes, limits), 'bodies').bodies);
    return new Map(parts.flat().map((body) => [body.symbol_id, body]));
  }

  /** Gives the reader of the source text; null where the pack has none. */
  async source(): Promise<SourceReader | null> {
    if (!this.pack.manifest.optional.has_source) return null;
    this.reader ??= this.openSource();
    // After a failure it may be asked for again.
    this.reader.catch(() => (this.reader = null));
    return this.reader;
  }

  /** Gives lines where nothing has to be fetched for them; null elsewhere. */
  atHand = async (path: string, first: number, last: number): Promise<string[] | null> => {
    if (this.get !== null) return null;
    return (await (await this.source())?.lines(path, first, last))?.lines ?? null;
  };

  private async openSource(): Promise<SourceReader> {
    if (this.pack.sourceIndex === null) await this.readOne('source_index.json');
    return new SourceReader(
      this.pack.sourceIndex!,
      async (path) => this.pack.sourceParts.get(path) ?? (await this.fetchPart(path))
    );
  }

  private async fetchPart(path: string): Promise<Uint8Array> {
    const entry = await this.fetchOne(path);
    await this.pack.check(entry);
    return entry.bytes;
  }

  private async readOne(path: string): Promise<void> {
    await this.pack.takeLate(await this.fetchOne(path), this.limits);
  }

  private async fetchOne(path: string): Promise<Entry> {
    const listed = this.pack.manifest.entries.filter((entry) => entry.path === path);
    for await (const entry of this.get === null ? [] : fetchLate(this.get, listed, this.limits)) return entry;
    throw new DocpackError('entry_missing', `the entry \`${path}\` is missing`);
  }
}
