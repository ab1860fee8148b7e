import { queryOf, type ApiClient, type QueryOf, type Schemas } from './client';
import { ApiError } from './problem';

/* Operations of people and of the commons; the explorer, which many pages load, needs none of them. */

export type Me = Schemas['Me'];
export type Member = Schemas['MemberSummary'];
export type Members = Schemas['Members'];
export type Withdrawal = Schemas['WithdrawalSummary'];
export type Repositories = Schemas['InstalledRepositories'];
export type Repository = Schemas['RepositorySummary'];
export type RepositoryChoice = Schemas['RepositoryChoice'];
export type Device = Schemas['DeviceSummary'];
export type CommonsQuery = NonNullable<QueryOf<'list_commons'>>;
export type CommonsOrder = NonNullable<CommonsQuery['sort']>;

export const COMMONS_ORDERS = ['newest', 'name', 'symbols'] as const satisfies readonly CommonsOrder[];

/** Lists docpacks that everybody may read. */
export function commons(api: ApiClient, query: CommonsQuery = {}): Promise<Schemas['PageOfDocpackSummary']> {
  return api.get(`/v1/commons${queryOf({ ...query })}`);
}

export function withdrawals(api: ApiClient): Promise<Schemas['Withdrawals']> {
  return api.get('/v1/withdrawals');
}

export function withdraw(api: ApiClient, repoUrl: string): Promise<void> {
  return api.act('/v1/withdrawals', { repo_url: repoUrl } satisfies Schemas['WithdrawalRequest']);
}

export function giveBack(api: ApiClient, repoUrl: string): Promise<void> {
  return api.remove(`/v1/withdrawals${queryOf({ repo_url: repoUrl })}`);
}

export function members(api: ApiClient): Promise<Members> {
  return api.get('/v1/me/members');
}

export function addMember(api: ApiClient, login: string): Promise<Member> {
  return api.post('/v1/me/members', { login } satisfies Schemas['NewMemberRequest']);
}

export function removeMember(api: ApiClient, account: string): Promise<void> {
  return api.remove(`/v1/me/members/${encodeURIComponent(account)}`);
}

/** Takes the caller off somebody else's account. */
export function leaveAccount(api: ApiClient, account: string): Promise<void> {
  return api.remove(`/v1/me/memberships/${encodeURIComponent(account)}`);
}

export function device(api: ApiClient, code: string): Promise<Device> {
  return api.get(`/v1/devices/${encodeURIComponent(code)}`);
}

export function answerDevice(api: ApiClient, code: string, answer: 'approve' | 'deny'): Promise<void> {
  return api.act(`/v1/devices/${encodeURIComponent(code)}/${answer}`);
}

/** Lists the repositories that are built at every push; null where the server builds none. */
export async function repositories(api: ApiClient): Promise<Repositories | null> {
  try {
    return await api.get<Repositories>('/v1/me/repositories');
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no_github_app') return null;
    throw error;
  }
}

export function chooseBranches(api: ApiClient, repository: string, choice: RepositoryChoice): Promise<Repository> {
  return api.post(`/v1/me/repositories/${encodeURIComponent(repository)}`, choice);
}

/** Has the branches of a repository looked at, as if they had just been pushed to. */
export function rebuild(api: ApiClient, repository: string): Promise<void> {
  return api.act(`/v1/me/repositories/${encodeURIComponent(repository)}/redeliver`);
}
