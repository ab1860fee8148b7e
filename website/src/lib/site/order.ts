import type { JobOrder } from '$lib/api/client';
import { isGitRef, type RepoAddress } from '$lib/repo/address';

/** The options of a job as a form has them: texts, as typed. */
export interface OrderForm {
  gitRef: string;
  include: string;
  exclude: string;
  source: boolean;
  embeddings: boolean;
  model: string;
  budgetUsd: string;
}

export const NO_OPTIONS: OrderForm = {
  gitRef: '',
  include: '',
  exclude: '',
  source: true,
  embeddings: true,
  model: '',
  budgetUsd: ''
};

/** Names what is wrong with each field. */
export function problemsOf(form: OrderForm): Partial<Record<keyof OrderForm, string>> {
  const problems: Partial<Record<keyof OrderForm, string>> = {};
  if (form.gitRef.trim() !== '' && !isGitRef(form.gitRef.trim()))
    problems.gitRef = 'Not a valid branch, tag or commit.';
  if (form.budgetUsd.trim() !== '') {
    if (form.model.trim() === '')
      problems.budgetUsd = 'A budget needs a language model. Name one, or leave the budget empty.';
    else if (microUsdOf(form.budgetUsd) === null) problems.budgetUsd = 'Enter a dollar amount, such as 1.50.';
  }
  return problems;
}

/** Makes the API's order; what is not set is left to its defaults, except for the source text, which the guide shows. */
export function orderOf(address: RepoAddress, form: OrderForm): JobOrder {
  const options: NonNullable<JobOrder['options']> = {};
  const [include, exclude] = [globsOf(form.include), globsOf(form.exclude)];
  if (include.length > 0) options.include = include;
  if (exclude.length > 0) options.exclude = exclude;
  if (form.source) options.source = true;
  if (!form.embeddings) options.embeddings = false;
  if (form.model.trim() !== '') {
    options.prose = { models: [form.model.trim()], budget_micro_usd: microUsdOf(form.budgetUsd) };
  }
  return {
    repo_url: address.repoUrl,
    ...(form.gitRef.trim() !== '' && { git_ref: form.gitRef.trim() }),
    ...(Object.keys(options).length > 0 && { options })
  };
}

/** Globs stand one a line or behind commas; `{a,b}` is one glob. */
function globsOf(text: string): string[] {
  return text
    .split(/\n|,(?![^{]*\})/)
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '');
}

export function microUsdOf(text: string): number | null {
  const typed = text.trim().replace(/^\$/, '');
  return /^\d{1,7}(\.\d{1,6})?$/.test(typed) ? Math.round(Number(typed) * 1e6) : null;
}
