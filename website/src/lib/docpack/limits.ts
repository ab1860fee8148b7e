/** What the reader believes at most; a browser holds less than a server, so two are lower than the format's. */
export interface ReadLimits {
  manifestBytes: number;
  entryBytes: number;
  /** `embeddings.bin` and `vectors.bin`. */
  embeddingsBytes: number;
  /** All entries together. The format allows 4 GB; a tab does not. */
  totalBytes: number;
  entries: number;
  /** Values in one JSON entry. */
  values: number;
  jsonDepth: number;
  /** Inflated to compressed, past `ratioFromBytes`. Real packs stay below 20. */
  ratio: number;
  ratioFromBytes: number;
}

export const DEFAULT_LIMITS: ReadLimits = {
  manifestBytes: 4_000_000,
  entryBytes: 128_000_000,
  embeddingsBytes: 1_000_000_000,
  totalBytes: 2_000_000_000,
  entries: 10_000,
  values: 16_000_000,
  jsonDepth: 128,
  ratio: 200,
  ratioFromBytes: 8_000_000
};

/** Gives how long an entry may be. */
export function limitOf(path: string, limits: ReadLimits): number {
  if (path === 'manifest.json') return limits.manifestBytes;
  return path === 'embeddings.bin' || path === 'vectors.bin' ? limits.embeddingsBytes : limits.entryBytes;
}

/** Other tools pad a tar with zeros, to 10 KiB and rarely more; longer runs are a bomb. */
export const MAX_TRAILING_ZEROS = 1_000_000;
