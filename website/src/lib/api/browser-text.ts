import { bytes } from '$lib/ui/format';

/** A failure in the words of somebody who sits in front of a browser. */
export interface FailureText {
  title: string;
  detail: string;
  help: string;
}

const NARROW = 'Open Options on the home page and set “Include files” or “Exclude files” to build a part of it.';
const AGAIN = 'Try again in a minute.';
const NO_EMBEDDINGS = 'Open Options on the home page and turn “Embeddings” off.';

/**
 * Titles by code, and the next step where this site has a control for it.
 *
 * Without a next step here, the server's own text is shown; a code without a row keeps the server's title too.
 */
const TEXTS: Readonly<Record<string, readonly [title: string, help?: string]>> = {
  already_subscribed: [
    'You have a subscription already',
    'Choose “Change plan, payment or end it” under “Plan and billing” in the settings.'
  ],
  billing_unavailable: ['Stripe does not answer', 'Nothing was changed. Try again in a minute.'],
  archive_bomb: ['The archive unpacks to a suspicious size'],
  archive_duplicate: ['The archive holds a file twice'],
  archive_malformed: ['The archive is damaged'],
  deadline_exceeded: ['The job took too long', `${NARROW} Trying again helps too: finished work is kept.`],
  docpack_private: ['This pack is private', 'Choose “Unlisted” or “Public” first.'],
  docpack_too_large: ['The pack is too large to open here', NARROW],
  gpu_unavailable: ['No GPU is available'],
  host_not_allowed: ['This host is not allowed'],
  idempotency_key_reused: ['This order was sent already', 'Reload the page and send it again.'],
  internal: ['Something went wrong on the server', 'Try again. If it fails again, report the request id below.'],
  invalid_credentials: ['Your session has ended', 'Sign in again.'],
  invalid_ref: ['Not a valid branch, tag or commit'],
  invalid_url: [
    'Not the address of a repository',
    'Paste a GitHub page, `owner/repository`, or the https address of a git repository.'
  ],
  job_not_over: ['This job is still running'],
  job_shared: ['Others wait for this job too', 'Leave it running; it counts only once for you.'],
  llm_model_unknown: ['The language model does not exist', 'Choose another model under Options, or leave it empty.'],
  llm_quota: ['The language model’s account has no credit left'],
  llm_rate_limited: ['The language model is busy', AGAIN],
  llm_timeout: ['The language model took too long', AGAIN],
  llm_unauthorised: ['The language model refused the server’s key'],
  llm_unavailable: ['The language model does not answer', AGAIN],
  local_path_not_allowed: ['Folders cannot be built here'],
  misdirected_request: ['This server does not answer to this address'],
  model_missing: ['This server has no embedding model', NO_EMBEDDINGS],
  model_not_configured: ['No language model is configured', 'Leave the language model under Options empty.'],
  no_billing: ['No plans are sold on this server', 'Whoever runs the server can give you another plan.'],
  no_accounts: [
    'This server has no accounts',
    'Everything on it is already yours. The home page lists your packs and jobs.'
  ],
  no_embedder: ['This server cannot compute embeddings', NO_EMBEDDINGS],
  no_source_code: ['No source code that Doctown reads'],
  no_such_account: [
    'You are not a member of this account',
    'Ask its owner to add you, or go on with your own account.'
  ],
  no_such_device_code: ['This code does not exist or has expired', 'Run `doctown login` again and type the new code.'],
  no_such_docpack: ['Pack not found', 'It may have been deleted. The home page lists recent packs.'],
  no_such_entry: ['A part of this pack is missing', 'Reload the page. If that does not help, rebuild the pack.'],
  no_such_job: [
    'Job not found',
    'It may have expired, or a newer run took its place. The home page lists recent jobs.'
  ],
  no_such_key: ['This key does not exist', 'Reload the page to see your keys.'],
  no_such_link: ['This link does not exist', 'Reload the page to see the links of the pack.'],
  no_such_member: ['This person is not a member', 'Reload the page to see who is.'],
  no_such_person: [
    'Nobody of this name has an account here',
    'Check the name at GitHub. The person must have signed in to Doctown once.'
  ],
  no_such_session: ['This session has ended already', 'Reload the page to see your sessions.'],
  no_such_symbol: ['Symbol not found', 'Search for it by name.'],
  no_such_withdrawal: ['You have not withdrawn this repository', 'Reload the page to see its current state.'],
  not_a_customer: ['You have not bought anything yet', 'Choose a plan first.'],
  not_awaiting_approval: ['This job is not waiting for approval', 'Reload the page to see its current state.'],
  not_repository_owner: [
    'You do not administer this repository at GitHub',
    'Sign in with an account that does, or ask somebody who does to withdraw it.'
  ],
  not_found: ['Page not found', 'Check the address, or go to the home page.'],
  origin_not_allowed: ['This site may not make changes on that server'],
  other_estimate: ['The estimate has changed', 'Reload the page and read the new estimate before you approve it.'],
  owner_required: ['Only the owner of the account can do this', 'Ask the owner to do it.'],
  pack_changed: ['The file changed while it was open', 'Start `doctown view` again.'],
  path_not_found: ['The folder or archive does not exist', 'Check the path. It is a path on the server.'],
  private_not_in_plan: [
    'Your plan is for public repositories only',
    'This repository is private. Build a public one, or choose a plan with private repositories.'
  ],
  quota_exceeded: [
    'You have used all jobs of this month',
    'The dashboard says when the count starts again. Packs that are built already stay readable.'
  ],
  rate_limit_exceeded: ['Too many requests', AGAIN],
  rate_limited: ['The request limit of the host is used up'],
  ref_not_applicable: ['A branch cannot be chosen for this source', 'Leave the branch empty.'],
  ref_not_found: ['Branch, tag or commit not found', 'Check its name, or leave it empty to use the default branch.'],
  repo_empty: ['The repository is empty'],
  repo_not_found: ['Repository not found'],
  repo_too_large: ['The repository is too large', NARROW],
  repository_access_required: [
    'Doctown may not read your private repositories',
    'Choose “Connect private repositories” in the settings, then send the order again.'
  ],
  repository_exceeds_plan: [
    'The repository is larger than your plan allows',
    'The dashboard says how large repositories may be. Build a smaller one, or choose a larger plan.'
  ],
  request_timeout: ['The server took too long to answer', AGAIN],
  scheme_not_allowed: ['This kind of address is not supported'],
  shutting_down: ['The server is restarting', 'Try again in a few seconds.'],
  sign_in_required: ['Sign in first', 'Use “Sign in” at the top of the page.'],
  source_unreadable: ['The source could not be read'],
  store_unavailable: ['The server’s storage does not answer', AGAIN],
  time_limit_exceeded: ['The job took too long', NARROW],
  subscription_runs: [
    'Your subscription cannot be ended here',
    'Ask whoever runs the server to end it; then delete the account.'
  ],
  too_many_entries_sent: ['The server is busy', AGAIN],
  too_many_files: ['The repository has too many files', NARROW],
  too_many_devices: ['Too many programs are waiting to be let in', AGAIN],
  too_many_jobs: [
    'As many jobs are running as your plan allows',
    'Wait until one of them has finished, or cancel one on the dashboard.'
  ],
  too_many_keys: ['Your plan allows no more keys', 'Revoke a key that you do not use.'],
  too_many_links: ['This pack has too many links', 'Use one of its links, or revoke one that you do not need.'],
  too_many_members: ['The team is full', 'Remove somebody to make room.'],
  too_many_streams: ['The server is busy', AGAIN],
  unauthorized: ['Access was refused'],
  unsupported_input: ['Not a folder, an archive or a source file'],
  upstream_protocol: ['No git repository at this address'],
  upstream_unavailable: ['The host of the repository does not answer', 'Try again in a few minutes.']
};

/** What only a terminal can do: a flag, or a variable of the environment. */
const FOR_TERMINALS = /(?:^|[\s`(])--[a-z]|\b[A-Z]+_[A-Z_]{3,}\b/;
const WAIT = /the request limit of (\S+) is used up; it resets in (\d+) (s|min)/;

/** Gives the words that a browser shows for a failure; `atMs` is when it happened. */
export function browserText(
  failure: { code: string; title?: string; detail?: string; help?: string },
  atMs: number
): FailureText {
  const [title = failure.title ?? '', help = withoutFlags(failure.help ?? '')] = TEXTS[failure.code] ?? [];
  return { title, detail: plainDetail(failure.detail ?? '', atMs), help };
}

/** Writes sizes for people, a wait as a time of day, and leaves out what only a terminal can do. */
export function plainDetail(detail: string, atMs: number): string {
  const wait = WAIT.exec(detail);
  if (wait)
    return `${wait[1]}’s request limit is used up until ${timeOfDay(atMs + Number(wait[2]) * (wait[3] === 'min' ? 60_000 : 1_000))}`;
  const kept = withoutFlags(detail);
  return /\bbytes\b/.test(kept) ? kept.replace(/\b(\d{4,})( bytes)?\b/g, (_, n: string) => bytes(Number(n))) : kept;
}

/** Drops each clause that names a flag; a text of nothing else becomes empty. */
function withoutFlags(text: string): string {
  return text
    .split('; ')
    .filter((clause) => !FOR_TERMINALS.test(clause))
    .join('; ');
}

function timeOfDay(ms: number): string {
  const at = new Date(ms);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}
