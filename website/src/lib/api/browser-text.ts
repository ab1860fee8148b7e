import { bytes } from '$lib/ui/format';

/** A failure in the words of somebody who sits in front of a browser. */
export interface FailureText {
  title: string;
  detail: string;
  help: string;
}

const RETRY = 'Try again in a minute.';
const REPORT = 'Try again. If it fails again, report the job’s address to whoever runs this server.';
const OPERATOR = 'Only whoever runs this server can fix this.';
const MODEL = 'Choose another model, or build without one. Whoever runs this server can check the model’s settings.';
const NARROW = 'Build a part of the repository: open Options on the home page and set “Include files” or “Exclude files”.';
const READ = 'Doctown reads Rust, Python, TypeScript, JavaScript and Go. Choose a repository with code in one of them.';

/**
 * Titles and next steps by code.
 *
 * The server writes its own for programs and terminals, where a flag or a setting is the answer.
 * A code without a row keeps the server's words, less what only a terminal can do.
 */
const TEXTS: Readonly<Record<string, readonly [title: string, help: string]>> = {
  archive_bomb: ['The archive unpacks to a suspicious size', 'Check where the archive comes from.'],
  archive_duplicate: ['The archive holds a file twice', 'Create the archive again with each file once.'],
  archive_malformed: ['The archive is damaged', 'Download or create the archive again.'],
  deadline_exceeded: ['The job took too long', `${NARROW} Trying again also helps: finished work is kept.`],
  docpack_too_large: ['The pack is too large to open here', NARROW],
  gpu_unavailable: ['No GPU is available', OPERATOR],
  host_not_allowed: ['This host is not allowed', 'Use a repository on a public host, such as GitHub.'],
  internal: ['Something went wrong on the server', 'Try again. If it fails again, report the request id below.'],
  invalid_ref: ['Not a valid branch, tag or commit', 'Check the name of the branch, tag or commit.'],
  invalid_url: ['Not the address of a repository', 'Paste a GitHub URL, `owner/repository`, or the https address of a git repository.'],
  job_not_over: ['This job is still running', 'Wait until it has finished, or cancel it first.'],
  llm_quota: ['The language model’s account has no credit left', MODEL],
  llm_rate_limited: ['The language model is busy', RETRY],
  llm_unauthorised: ['The language model refused the server’s key', MODEL],
  llm_unavailable: ['The language model does not answer', RETRY],
  llm_model_unknown: ['The language model does not exist', MODEL],
  llm_timeout: ['The language model took too long', RETRY],
  local_path_not_allowed: ['Folders cannot be built here', 'Paste the address of a git repository.'],
  model_missing: ['This server has no embedding model', 'Open Options on the home page and turn “Embeddings” off, or ask whoever runs this server.'],
  model_not_configured: ['No language model is configured', 'Leave the language model empty.'],
  misdirected_request: ['This server does not answer to this address', OPERATOR],
  no_embedder: ['This server cannot compute embeddings', 'Open Options and turn “Embeddings” off.'],
  no_source_code: ['No source code that Doctown reads', READ],
  no_such_docpack: ['Pack not found', 'It may have been deleted. The home page lists recent packs.'],
  no_such_entry: ['This part of the pack is missing', 'Reload the page. If that does not help, rebuild the pack.'],
  no_such_job: ['Job not found', 'It may have expired, or a newer run took its place. The home page lists recent jobs.'],
  no_such_symbol: ['Symbol not found', 'Search for it by name.'],
  not_awaiting_approval: ['This job is not waiting for approval', 'Reload the page to see its current state.'],
  not_found: ['Page not found', 'Check the address, or go to the home page.'],
  origin_not_allowed: ['This site may not change anything on that server', OPERATOR],
  other_estimate: ['The estimate has changed', 'Reload the page and read the new estimate before you approve it.'],
  pack_changed: ['The file changed while it was open', 'Start `doctown view` again.'],
  path_not_found: ['The folder or archive does not exist', 'Check the path. It is a path on the server.'],
  rate_limit_exceeded: ['Too many requests', RETRY],
  rate_limited: ['The request limit of the host is used up', 'Try again later, or ask whoever runs this server to add an access token, which raises the limit.'],
  ref_not_applicable: ['A branch cannot be chosen for this source', 'Leave the branch empty.'],
  ref_not_found: ['Branch, tag or commit not found', 'Check its name, or leave it empty to use the default branch.'],
  repo_empty: ['The repository is empty', 'Choose a repository with at least one commit.'],
  repo_not_found: ['Repository not found', 'Check the spelling. Private repositories can be read only if whoever runs this server has given it access.'],
  repo_too_large: ['The repository is too large', NARROW],
  request_timeout: ['The server took too long to answer', RETRY],
  scheme_not_allowed: ['This kind of address is not supported', 'Use the repository’s https address.'],
  shutting_down: ['The server is restarting', 'Try again in a few seconds.'],
  source_unreadable: ['The source could not be read', REPORT],
  store_unavailable: ['The server’s storage does not answer', RETRY],
  time_limit_exceeded: ['The job took too long', NARROW],
  too_many_entries_sent: ['The server is busy', RETRY],
  too_many_files: ['The repository has too many files', NARROW],
  too_many_streams: ['The server is busy', RETRY],
  unauthorized: ['Access was refused', 'The repository may be private. Whoever runs this server can give it access.'],
  unsupported_input: ['Not a folder or archive', 'Give a folder, a .zip or a .tar.gz file on the server.'],
  upstream_protocol: ['No git repository at this address', 'Check the address. It must be a git repository served over https.'],
  upstream_unavailable: ['The host of the repository does not answer', 'Try again in a few minutes.']
};

/** What only a terminal can do: a flag, or a variable of the environment. */
const FOR_TERMINALS = /(?:^|[\s`(])--[a-z]|\b[A-Z]+_[A-Z_]{3,}\b/;
const WAIT = /^(?:.*: )?`([^`]+)` asks to wait (\d+) s/;

/** Gives the words that a browser shows for a failure; `atMs` is when it happened. */
export function browserText(failure: { code: string; title?: string; detail?: string; help?: string }, atMs: number): FailureText {
  const [title, help] = TEXTS[failure.code] ?? [failure.title ?? '', withoutFlags(failure.help ?? '')];
  return { title, detail: plainDetail(failure.detail ?? '', atMs), help };
}

/** Writes sizes for people, a wait as a time of day, and leaves out what only a terminal can do. */
export function plainDetail(detail: string, atMs: number): string {
  const wait = WAIT.exec(detail);
  if (wait) return `${hostName(wait[1]!)}’s request limit is used up until ${timeOfDay(atMs + Number(wait[2]) * 1_000)}`;
  const kept = withoutFlags(detail);
  return /\bbytes\b/.test(kept) ? kept.replace(/\b(\d{4,})( bytes)?\b/g, (_, n: string) => bytes(Number(n))) : kept;
}

/** Drops each clause that names a flag; a text of nothing else becomes empty. */
function withoutFlags(text: string): string {
  return text.split('; ').filter((clause) => !FOR_TERMINALS.test(clause)).join('; ');
}

function hostName(host: string): string {
  return /(^|\.)github\.com$/.test(host) ? 'GitHub' : host;
}

function timeOfDay(ms: number): string {
  const at = new Date(ms);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}
