/** A place to read source from, as a person typed it. */
export interface RepoAddress {
  /** What is sent to the API. */
  repoUrl: string;
  /** What is shown: `owner/repo` where it is on GitHub. */
  name: string;
  kind: 'github' | 'git' | 'local';
  /** The branch, tag or commit that the address itself names. */
  gitRef: string | null;
}

export type Parsed = { ok: true; address: RepoAddress } | { ok: false; why: string };

/** The reader's own limit; GitHub's limits for names. */
const MAX_CHARS = 2_048;
const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const REPO = /^[A-Za-z0-9._-]{1,100}$/;
const REF = /^(?!.*(?:\.\.|@\{|\/\/|\.lock(?:\/|$)))[^\s~^:?*[\\\x00-\x1f\x7f/.-][^\s~^:?*[\\\x00-\x1f\x7f]{0,254}$/;
/** Pages of GitHub that name a branch, tag or commit behind them. */
const WITH_REF = ['tree', 'blob', 'raw', 'commits', 'commit', 'blame'];

/**
 * Takes apart what a person typed, so that a mistake is named before anything is sent.
 * The API decides: this only knows the forms, not which hosts and paths it allows.
 */
export function parseAddress(typed: string): Parsed {
  const text = typed.trim();
  if (text === '') return no('');
  if (text.length > MAX_CHARS) return no('The address is longer than 2,048 characters.');
  if (/[\s\x00-\x1f\x7f]/.test(text)) return no('An address cannot contain spaces.');
  if (text.startsWith('-')) return no('An address cannot begin with a dash.');
  if (/^(\.{1,2}(\/|$)|\/|~(\/|$))/.test(text))
    return yes({ repoUrl: text, name: text.split('/').filter(Boolean).at(-1) ?? text, kind: 'local', gitRef: null });
  const scp = /^(?:[\w.-]+@)([\w.-]+):(?!\/\/)(.+)$/.exec(text);
  if (scp && !text.includes('://')) return byUrl(`https://${scp[1]}/${scp[2]!.replace(/^\/+/, '')}`);
  if (text.includes('://')) return byUrl(text);
  const first = text.split('/')[0]!;
  if (/^(www\.)?github\.com$/i.test(first) || (first.includes('.') && text.split('/').length > 2))
    return byUrl(`https://${text}`);
  return byShortForm(text);
}

function byShortForm(text: string): Parsed {
  const [name = '', ref, ...more] = text.split('@');
  const parts = name.split('/');
  if (parts.length === 1) return no('Add the owner: `owner/repository`.');
  if (more.length > 0) return no('The address has more than one `@`.');
  if (parts.length > 2) return no('Use `owner/repository` for GitHub, or the full URL for another host.');
  return github(parts[0]!, parts[1]!, ref ?? null);
}

function byUrl(text: string): Parsed {
  // A URL's own rules resolve `..`, and so would turn one repository into another.
  if (text.toLowerCase().replaceAll('%2e', '.').split(/[\\/]/).includes('..'))
    return no('The path leads out of the repository.');
  const scheme = text
    .slice(0, text.indexOf(':'))
    .toLowerCase()
    .replace(/^git\+/, '');
  const isSsh = scheme === 'ssh' || scheme === 'git';
  if (scheme === 'file') return no('`file:` addresses are not supported. For a folder on the server, enter its path.');
  if (!isSsh && scheme !== 'https' && scheme !== 'http')
    return no(`\`${scheme}:\` addresses are not supported. Use \`https:\` or \`ssh:\`.`);
  const readable = text.replace(/^[^:]+:/, isSsh || scheme === 'https' ? 'https:' : 'http:');
  if (!URL.canParse(readable)) return no('Not a valid URL.');
  const url = new URL(readable);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  // What `ssh:` has behind the colon is a port of another service.
  if (isSsh) url.port = '';
  const isGitHub = /^(www\.)?github\.com$/.test(url.hostname) && url.port === '';
  if (isGitHub) url.protocol = 'https:';
  if (isGitHub) return byGitHubPath(url);
  const parts = url.pathname.split('/').filter(Boolean);
  if (parts.length === 0) return no('The address does not name a repository.');
  // An empty part of a path names nothing, and what follows it could be read as a host.
  url.pathname = `/${parts.join('/')}`;
  return yes({
    repoUrl: url.href,
    name: parts
      .slice(0, 2)
      .join('/')
      .replace(/\.git$/, ''),
    kind: 'git',
    gitRef: null
  });
}

function byGitHubPath(url: URL): Parsed {
  let parts: string[];
  try {
    parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return no('The address is not a valid URL: a `%` must be followed by two hex digits.');
  }
  const [owner, repo, page, ...rest] = parts;
  if (!owner || !repo) return no('The address does not name a repository. Use `https://github.com/owner/repository`.');
  const bare = github(owner, repo, null);
  if (!bare.ok || page === undefined) return bare;
  const named = page === 'releases' && rest[0] === 'tag' ? rest.slice(1) : WITH_REF.includes(page) ? rest : [];
  if (page === 'pull' && /^\d+$/.test(rest[0] ?? ''))
    return yes({
      ...bare.address,
      repoUrl: `https://github.com/${bare.address.name}/pull/${rest[0]}`,
      gitRef: `pull/${rest[0]}/head`
    });
  if (named.length === 0) return bare;
  if (!REF.test(named.join('/'))) return no('The address does not end in a valid branch, tag or commit.');
  // Branches may hold slashes, so only GitHub can tell where the branch ends and the path begins.
  return yes({
    ...bare.address,
    repoUrl: `https://github.com/${bare.address.name}/${page === 'blame' ? 'blob' : page}/${page === 'releases' ? 'tag/' : ''}${named.map(encodeURIComponent).join('/')}`,
    gitRef: named.join('/')
  });
}

function github(owner: string, repoName: string, gitRef: string | null): Parsed {
  const repo = repoName.replace(/\.git$/, '');
  if (!OWNER.test(owner)) return no(`\`${owner}\` is not a valid GitHub owner name.`);
  if (!REPO.test(repo) || repo === '.' || repo === '..')
    return no(`\`${repoName}\` is not a valid GitHub repository name.`);
  if (gitRef !== null && !REF.test(gitRef)) return no(`\`${gitRef}\` is not a valid branch, tag or commit.`);
  const name = `${owner}/${repo}`;
  return yes({
    repoUrl: gitRef === null ? `https://github.com/${name}` : `${name}@${gitRef}`,
    name,
    kind: 'github',
    gitRef
  });
}

/** Tells whether a text can be a branch, tag or commit. */
export function isGitRef(text: string): boolean {
  return REF.test(text);
}

const yes = (address: RepoAddress): Parsed => ({ ok: true, address });
const no = (why: string): Parsed => ({ ok: false, why });
