import { bytes as size } from '../ui/format';
import { DocpackError } from './errors';
import { ENTRY_TABLE } from './entry-table';
import { DEFAULT_LIMITS, type ReadLimits } from './limits';
import { isSourcePart } from './entries';
import { docpackId, LAYERS, LayerHasher, wholeName } from './layers';
import type {
  Ambiguous,
  Cluster,
  DocumentRecord,
  Edge,
  EmbeddingsIndex,
  EntryDigest,
  Graph,
  Insights,
  Layout,
  Manifest,
  Overviews,
  Quality,
  SkippedFile,
  SourceFile,
  SourceIndex,
  SymbolRecord,
  Tour,
  Unresolved
} from './records';
import { parseJson } from './scan';
import { sha256 } from './sha256';
import * as shapes from './shapes';
import type { Verification } from './source';
import type { Entry } from './tar';
import { FloatVectors, ScaledVectors, type Vectors } from './vectors';

export const SCHEMA_MAJOR = 1;

/** A pack in memory, every entry checked against the manifest; filled entry by entry by `readPack`. */
export class Pack {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  /** Kept for the layers' digests, which are computed when nothing else waits. */
  entries: Entry[] = [];
  unlisted: string[] = [];
  layout: Layout | null = null;
  clusters: Cluster[] = [];
  quality: Quality | null = null;
  overviews: Overviews | null = null;
  files: SourceFile[] = [];
  skipped: SkippedFile[] = [];
  documents: DocumentRecord[] = [];
  symbols: SymbolRecord[] = [];
  edges: Edge[] = [];
  ambiguous: Ambiguous[] = [];
  unresolved: Unresolved[] = [];
  floor = 0;
  metrics = { density: 0, modularity: 0 };
  vectors: Vectors | null = null;
  tour: Tour | null = null;
  insights: Insights | null = null;
  sourceIndex: SourceIndex | null = null;
  /** Parts of the source text by path; of a pack behind the API they are fetched when they are needed. */
  readonly sourceParts = new Map<string, Uint8Array>();
  private chunkOffsets: EmbeddingsIndex['chunks'] | null = null;

  constructor(manifest: Manifest, manifestBytes: Uint8Array) {
    this.manifest = manifest;
    this.manifestBytes = manifestBytes;
  }

  take(entry: Entry, limits: ReadLimits): void {
    const json = () => parseJson(entry.path, entry.bytes, limits);
    switch (wholeName(entry.path)) {
      case 'layout.json':
        this.layout = shapes.layout(json(), 'layout');
        break;
      case 'quality.json':
        this.quality = shapes.quality(json(), 'quality');
        break;
      case 'clusters.json':
        this.clusters = shapes.clusters(json(), 'clusters').clusters;
        break;
      case 'overviews.json':
        this.overviews = shapes.overviews(json(), 'overviews');
        break;
      case 'source_map.json': {
        const { files, skipped, documents } = shapes.sourceMap(json(), 'source_map');
        this.files = this.files.concat(files);
        this.skipped = this.skipped.concat(skipped);
        this.documents = this.documents.concat(documents);
        break;
      }
      case 'nodes.json':
        this.symbols = this.symbols.concat(shapes.nodes(json(), 'nodes').symbols);
        break;
      case 'graph.json':
        this.takeGraph(shapes.graph(json(), 'graph'), entry.path);
        break;
      case 'embeddings_index.json':
        this.chunkOffsets = shapes.embeddingsIndex(json(), 'embeddings_index').chunks;
        break;
      case 'embeddings.bin':
        // The same vectors, four times as long.
        if (!this.manifest.optional.has_vectors) this.vectors = new FloatVectors(entry.bytes, this.chunkOffsets);
        break;
      case 'vectors.bin':
        this.vectors = new ScaledVectors(
          entry.bytes,
          this.files.reduce((sum, { chunks }) => sum + chunks.length, 0)
        );
        break;
      case 'tour.json':
        this.tour = shapes.tour(json(), 'tour');
        break;
      case 'insights.json':
        this.insights = shapes.insights(json(), 'insights');
        break;
      case 'source_index.json':
        this.sourceIndex = shapes.sourceIndex(json(), 'source_index');
        break;
      default:
        if (isSourcePart(entry.path)) this.sourceParts.set(entry.path, entry.bytes);
    }
  }

  /** Takes an entry that the pack was read without. */
  async takeLate(entry: Entry, limits: ReadLimits): Promise<void> {
    await this.check(entry);
    // Two questions may have waited for the same entry.
    if (this.entries.some(({ path }) => path === entry.path)) return;
    this.take(entry, limits);
    this.entries.push(entry);
  }

  /** Refuses an entry that is not what the manifest says. */
  async check(entry: Entry): Promise<void> {
    if (!(await isListed(entry, this.manifest)))
      throw new DocpackError('entry_missing', `the manifest does not list \`${entry.path}\``);
  }

  private takeGraph(part: Graph, path: string): void {
    if (path === 'graph.json') {
      if (part.confidence_floor === null || part.metrics === null) {
        throw new DocpackError('json_malformed', '`graph.json` has no confidence floor or no metrics');
      }
      this.floor = part.confidence_floor;
      this.metrics = part.metrics;
    }
    this.edges = this.edges.concat(part.edges);
    this.ambiguous = this.ambiguous.concat(part.ambiguous);
    this.unresolved = this.unresolved.concat(part.unresolved);
  }

  /** Recomputes the pack's id and the layers' digests; entries were checked as they were read. */
  verify(): Verification {
    const { manifest } = this;
    const total = manifest.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const checks = [
      {
        what: 'entries',
        ok: true,
        detail: `${manifest.entries.length} entries, ${size(total)}: sizes and SHA-256 match the manifest`
      },
      {
        what: 'references',
        ok: true,
        detail: 'every symbol, file and cluster referred to exists; no symbol contains itself'
      },
      compared('docpack_id', docpackId(this.manifestBytes), manifest.docpack_id),
      compared('checksum', manifest.checksum.value, manifest.docpack_id)
    ];
    if (this.unlisted.length > 0) {
      checks.push({
        what: 'entry_unlisted',
        ok: false,
        detail: `the manifest does not list ${this.unlisted.join(', ')}; ignored`
      });
    }
    const hasher = new LayerHasher();
    for (const entry of this.entries) hasher.add(entry);
    const digests = hasher.finish();
    for (const layer of LAYERS) checks.push(compared(`${layer}_digest`, digests[layer], manifest[`${layer}_digest`]));
    return { ok: checks.every(({ ok }) => ok), checks };
  }
}

function compared(what: string, computed: string, recorded: string) {
  const ok = computed === recorded;
  return { what, ok, detail: ok ? recorded : `the manifest says ${recorded}, the entries give ${computed}` };
}

/** Called after each entry, so that what is known can be shown before the rest is read. */
export type Onentry = (path: string, pack: Pack) => void;

/** Lists the entries that a manifest names, so that they can be fetched one by one. */
export function listedBy(manifest: Uint8Array): EntryDigest[] {
  return readManifest({ path: 'manifest.json', bytes: manifest }, DEFAULT_LIMITS).entries;
}

/** Reads a pack from its entries in archive order, wherever they come from; what is late may come afterwards. */
export async function readPack(
  entries: AsyncIterable<Entry>,
  limits: ReadLimits,
  onentry: Onentry = () => {},
  isLate: (path: string) => boolean = () => false
): Promise<Pack> {
  let pack: Pack | null = null;
  const seen = new Set<string>();
  for await (const entry of entries) {
    if (pack === null) {
      pack = new Pack(readManifest(entry, limits), entry.bytes);
    } else {
      // What no digest vouches for is passed over, and named by `verify`.
      if (!(await isListed(entry, pack.manifest))) {
        pack.unlisted.push(entry.path);
        continue;
      }
      pack.take(entry, limits);
      pack.entries.push(entry);
    }
    seen.add(entry.path);
    onentry(entry.path, pack);
  }
  if (pack === null) throw new DocpackError('manifest_missing', 'the archive is empty');
  for (const path of [...ENTRY_TABLE.required, ...pack.manifest.entries.map(({ path }) => path)]) {
    if (!seen.has(path) && !isLate(path)) throw new DocpackError('entry_missing', `the entry \`${path}\` is missing`);
  }
  const { has_embeddings, has_vectors } = pack.manifest.optional;
  if ((has_embeddings || has_vectors) && pack.vectors === null && !isLate('vectors.bin')) {
    throw new DocpackError('embeddings_malformed', 'the manifest lists embeddings that are missing');
  }
  return pack;
}

function readManifest(entry: Entry, limits: ReadLimits): Manifest {
  if (entry.path !== 'manifest.json') {
    throw new DocpackError('manifest_not_first', `\`${entry.path}\` comes before \`manifest.json\``);
  }
  const json = parseJson(entry.path, entry.bytes, limits);
  // The version decides how the rest is to be read, so it is looked at before anything else is.
  const schema_version = member(json, 'schema_version');
  const version = typeof schema_version === 'string' ? /^docpack\/(\d{1,6})\.(\d{1,6})$/.exec(schema_version) : null;
  if (!version) throw new DocpackError('schema_version_unknown', '`schema_version` is not of the form `docpack/1.N`');
  const major = Number(version[1]);
  if (major > SCHEMA_MAJOR) {
    const generator = member(json, 'generator');
    const [name, tool_version] = [member(generator, 'name'), member(generator, 'version')];
    const tool =
      typeof name === 'string'
        ? `${name} ${typeof tool_version === 'string' ? tool_version : ''}`.trim()
        : 'an unknown tool';
    throw new DocpackError(
      'docpack_too_new',
      `this is \`${version[0]}\`, written by ${tool}; this page reads docpack/${SCHEMA_MAJOR}`
    );
  }
  if (major < SCHEMA_MAJOR)
    throw new DocpackError('schema_version_unknown', `\`${version[0]}\` is not a version of the format`);
  return shapes.manifest(json, 'manifest');
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

/** Tells whether the manifest lists the entry; what it lists must have the size and digest that it says. */
async function isListed({ path, bytes }: Entry, manifest: Manifest): Promise<boolean> {
  const listed = manifest.entries.find((entry) => entry.path === path);
  if (!listed) return false;
  if (listed.bytes !== bytes.length) {
    throw new DocpackError(
      'entry_size_mismatch',
      `\`${path}\` has ${bytes.length} bytes, the manifest says ${listed.bytes}`
    );
  }
  if ((await sha256(bytes)) !== listed.sha256) {
    throw new DocpackError('entry_digest_mismatch', `\`${path}\` does not match its SHA-256 in the manifest`);
  }
  return true;
}
