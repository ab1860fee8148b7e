/** What a reader refuses, by the words of the format's README. */
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
  | 'docpack_id_mismatch'
  | 'parent_cycle'
  | 'duplicate_id'
  | 'dangling_symbol'
  | 'dangling_file'
  | 'dangling_cluster'
  | 'io';

/** A pack that is not read, with a code that stays the same and a sentence for a person. */
export class DocpackError extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'DocpackError';
    this.code = code;
  }
}
