/** Says in words what became of the last push of a branch, or of the last time of a schedule; a word of a newer server keeps its letters. */
export function outcomeWords(outcome: string): string {
  return WORDS[outcome] ?? outcome.replaceAll('_', ' ');
}

const WORDS: Readonly<Record<string, string>> = {
  building: 'A pack is being built',
  completed: 'Built',
  partial: 'Built in part',
  unchanged: 'Built already',
  submitted: 'Started a build',
  waiting: 'Waiting for a new version tag',
  no_version: 'The repository has no version tags yet',
  too_many_jobs: 'Your other builds are running; this one begins after them',
  branch_gone: 'There is no such branch',
  quota_exceeded: 'The jobs of this month are used up',
  private_not_in_plan: 'Your plan has no private repositories',
  repository_access_required: 'Sign in again: Doctown may not read what you can read',
  repo_not_found: 'You cannot read this repository any more',
  superseded: 'A newer push took its place',
  branch_not_built: 'Not built: the branch is not chosen, and no pull request of it is open',
  installation_suspended: 'The installation is suspended'
};
