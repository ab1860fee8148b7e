/** Names that every folder may have. */
const COMMON = /^(mod|lib|main|index|__init__|__main__|types|utils?|errors?|config)\.[a-z]+$/;

/** A file's name, with its folder where the name alone says too little. */
export function shortPath(path: string): string {
  const parts = path.split('/');
  return parts.slice(COMMON.test(parts.at(-1)!) ? -2 : -1).join('/');
}
