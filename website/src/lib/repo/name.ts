/** Gives a repository's short name, `owner/repo`, by its address, or what stands in its place. */
export function repositoryName(repoUrl: string | null | undefined, otherwise: string): string {
  if (repoUrl == null || !URL.canParse(repoUrl)) return otherwise;
  const { protocol, pathname } = new URL(repoUrl);
  const path = pathname.replace(/^\/|\/$/g, '').replace(/\.git$/, '');
  return (protocol === 'https:' || protocol === 'http:') && path !== '' ? path : otherwise;
}
