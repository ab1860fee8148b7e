import type { Contents } from './writer';

/** Texts that run a script, load a picture or break out of an attribute where they become HTML. */
export const VECTORS = [
  '<script>window.__xss = 1</script>',
  '<img src=x onerror="window.__xss=2">',
  '"><svg onload="window.__xss=3">',
  "'; window.__xss=4; '",
  'javascript:window.__xss=5',
  '`<iframe srcdoc="<script>parent.__xss=6</script>">`',
  '{@html "<b>7</b>"} {{constructor.constructor("window.__xss=8")()}}',
  '\u202e\u0000</textarea></title></style><a href="data:text/html,9">'
];

/** Fields whose words or form the format fixes: a vector there is refused, not shown. */
const FIXED =
  /^(id|source|target|parent|kind|language|visibility|evidence|role|cluster_id|chunk_id|symbol_ids|members|sha256|schema_version|algorithm|tree_digest|digest|commit_hash)$/;

/** Puts a vector into every free text of a pack; paths stay equal to each other. */
export function poisoned(contents: Contents): Contents {
  const renamed = new Map<string, string>();
  let n = 0;
  const poison = (text: string) => `${text} ${VECTORS[n++ % VECTORS.length]}`;
  const pathOf = (path: string) => {
    const known =
      renamed.get(path) ?? `${path.slice(0, -3)}${VECTORS[renamed.size % VECTORS.length]!.replaceAll('/', '')}.py`;
    renamed.set(path, known);
    return known;
  };
  const walk = (value: unknown, key: string, inside: string): unknown => {
    if (typeof value === 'string') {
      if (key === 'file_path') return pathOf(value);
      // `source` and `evidence` are free where a summary names what it rests on.
      const isFree = !FIXED.test(key) || (inside === 'documentation' && (key === 'evidence' || key === 'source'));
      return isFree ? poison(value) : value;
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, key, inside));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name, key)]));
  };
  return new Map(
    [...contents].map(([path, value]) => [
      path,
      value instanceof Uint8Array || path === 'embeddings_index.json' ? value : walk(value, '', '')
    ])
  );
}
