/** The codes with which the format's page lets a reader refuse a pack. */
export type RefusalCode =
  | 'not_a_docpack'
  | 'truncated'
  | 'gzip_corrupt'
  | 'tar_malformed'
  | 'trailing_bytes'
  | 'entry_path_unsafe'
  | 'entry_type_forbidden'
  | 'entry_duplicate'
  | 'entry_too_large'
  | 'docpack_too_large'
  | 'too_many_entries'
  | 'manifest_missing'
  | 'manifest_not_first'
  | 'docpack_too_new'
  | 'schema_version_unknown'
  | 'entry_missing'
  | 'entry_size_mismatch'
  | 'entry_digest_mismatch'
  | 'json_malformed'
  | 'too_many_values'
  | 'embeddings_malformed'
  | 'vectors_malformed'
  | 'source_malformed'
  | 'docpack_id_mismatch'
  | 'parent_cycle'
  | 'duplicate_id'
  | 'dangling_symbol'
  | 'dangling_file'
  | 'dangling_cluster'
  | 'io';

/** How an error leaves the worker, and what is shown of it. */
export interface Refusal {
  /** Of the reader, or of whatever answered in an entry's place. */
  code: string;
  message: string;
  /** What the code means, in a few words, where whoever answered said so. */
  title?: string;
  /** What to do about it. */
  help?: string;
  requestId?: string | null;
}

/** A pack that is not read, with a code that stays the same and a sentence for a person. */
export class DocpackError extends Error {
  override readonly name = 'DocpackError';
  readonly refusal: Refusal;

  constructor(code: RefusalCode, message: string, refusal: Refusal = { code, message, help: HELP[code] }) {
    super(message);
    this.refusal = refusal;
  }

  /** Makes an error of one that came as data: through a port, or as a problem document. */
  static of(refusal: Refusal): DocpackError {
    return new DocpackError('io', refusal.message, refusal);
  }

  get code(): string {
    return this.refusal.code;
  }
}

/** How an error is shown; an unexpected one keeps its own message. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof DocpackError) return error.refusal;
  return new DocpackError(
    'io',
    error instanceof Error && error.message !== '' ? error.message : 'the pack could not be read'
  ).refusal;
}

/** Gives the help for a code of the reader itself, which needs no API; null for any other code. */
export function helpOf(code: string): string | null {
  return Object.hasOwn(HELP, code) ? HELP[code as RefusalCode] : null;
}

const AGAIN = 'download the file again, or rebuild the pack';
const OTHER = 'choose a file that ends in `.docpack`';
const UNSAFE = 'do not trust this pack: Doctown never writes such a file';
const LARGE = 'this pack is too large for a browser; the `doctown` program can read it';
const NEWER = 'reload the page, or use a newer version of it';
/** What to do about each; the API has the same words for programs. */
const HELP: Record<RefusalCode, string> = {
  not_a_docpack: OTHER,
  truncated: 'download the file again: its end is missing',
  gzip_corrupt: AGAIN,
  tar_malformed: AGAIN,
  trailing_bytes: AGAIN,
  entry_path_unsafe: UNSAFE,
  entry_type_forbidden: UNSAFE,
  entry_duplicate: UNSAFE,
  entry_too_large: LARGE,
  docpack_too_large: LARGE,
  too_many_entries: LARGE,
  manifest_missing: OTHER,
  manifest_not_first: OTHER,
  docpack_too_new: NEWER,
  schema_version_unknown: NEWER,
  entry_missing: AGAIN,
  entry_size_mismatch: AGAIN,
  entry_digest_mismatch: AGAIN,
  json_malformed: AGAIN,
  too_many_values: LARGE,
  embeddings_malformed: AGAIN,
  vectors_malformed: AGAIN,
  source_malformed: AGAIN,
  docpack_id_mismatch: AGAIN,
  parent_cycle: AGAIN,
  duplicate_id: AGAIN,
  dangling_symbol: AGAIN,
  dangling_file: AGAIN,
  dangling_cluster: AGAIN,
  io: 'try again; if it fails again, close other tabs or open a smaller pack'
};
