import type { Manifest } from '$lib/docpack/records';
import { repositoryName } from '$lib/repo/name';

/** How hosts write the address of lines in a file at a commit. */
const HOSTS: Record<string, (base: string, commit: string, path: string, start: number, end: number) => string> = {
  'github.com': (base, commit, path, start, end) => `${base}/blob/${commit}/${path}#L${start}-L${end}`,
  'gitlab.com': (base, commit, path, start, end) => `${base}/-/blob/${commit}/${path}#L${start}-${end}`,
  'codeberg.org': (base, commit, path, start, end) => `${base}/src/commit/${commit}/${path}#L${start}-L${end}`,
  'bitbucket.org': (base, commit, path, start, end) => `${base}/src/${commit}/${path}#lines-${start}:${end}`
};

/** Gives the address of a symbol's lines at the pack's commit, or null where no known host has them. */
export function sourceLink(
  { repo_url, commit_hash }: Pick<Manifest['source'], 'repo_url' | 'commit_hash'>,
  path: string,
  start: number,
  end: number
): string | null {
  if (repo_url === null || commit_hash === null || !/^[0-9a-f]{7,64}$/.test(commit_hash)) return null;
  if (!URL.canParse(repo_url)) return null;
  const url = new URL(repo_url);
  const write = Object.hasOwn(HOSTS, url.hostname) ? HOSTS[url.hostname] : undefined;
  if (url.protocol !== 'https:' || !write) return null;
  const base = `https://${url.hostname}${url.pathname.replace(/\/$/, '').replace(/\.git$/, '')}`;
  return write(base, commit_hash, path.split('/').map(encodeURIComponent).join('/'), start, end);
}

/** The repository's short name, or that of the file. */
export function packTitle({ source }: Manifest, fileName: string): string {
  return repositoryName(source.repo_url, fileName.replace(/\.docpack$/, ''));
}
