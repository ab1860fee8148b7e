import { ApiError, problemOf, unreachable } from './problem';
import type { components, operations } from './schema';

export type Schemas = components['schemas'];
export type Job = Schemas['Job'];
export type JobSummary = Schemas['JobSummary'];
export type DocpackSummary = Schemas['DocpackSummary'];
export type Envelope = Schemas['Envelope'];
export type StreamedEvent = Schemas['StreamedEvent'];

export type QueryOf<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>;
type Fetch = typeof fetch;

export type JobOrder = Schemas['JobRequest'];

/** The API, by its contract; every failure is an `ApiError`. */
export class ApiClient {
  private readonly findBase: () => string | Promise<string>;
  private readonly fetch: Fetch;
  private found: Promise<string> | null = null;
  /** Parameters of every request: the token of a share link, the account that is acted for. */
  private always: Readonly<Record<string, string>> = {};

  constructor(base: string | (() => Promise<string>), fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.findBase = typeof base === 'string' ? () => base : base;
    this.fetch = fetcher;
  }

  /** Where the API is; looked for again after a failure. */
  private get base(): Promise<string> {
    this.found ??= Promise.resolve(this.findBase()).catch((error: unknown) => {
      this.found = null;
      throw error;
    });
    return this.found;
  }

  /** Returns a client that shows a share link with every request, for readers who are not signed in. */
  through(link: string): ApiClient {
    return this.with({ link });
  }

  /** Returns a client that acts for an account: one that the caller is a member of, or null for their own. */
  actingFor(account: string | null): ApiClient {
    return account === null ? this : this.with({ account });
  }

  private with(parameters: Readonly<Record<string, string>>): ApiClient {
    const client = new ApiClient(() => this.base, this.fetch);
    client.always = { ...this.always, ...parameters };
    return client;
  }

  /** Writes a path of the API as an address, for links and for the worker. */
  async address(path: string): Promise<string> {
    return `${await this.base}${withParameters(path, this.always)}`;
  }

  createJob(order: JobOrder, idempotencyKey: string, signal?: AbortSignal): Promise<Schemas['SubmittedJob']> {
    return this.post('/v1/jobs', order, { 'idempotency-key': idempotencyKey }, signal);
  }

  jobs(query: QueryOf<'list_jobs'> = {}): Promise<Schemas['PageOfJobSummary']> {
    return this.get(`/v1/jobs${queryOf(query)}`);
  }

  job(id: string, signal?: AbortSignal): Promise<Job> {
    return this.get(`/v1/jobs/${encodeURIComponent(id)}`, signal);
  }

  events(id: string, query: QueryOf<'get_job_events'>, signal?: AbortSignal): Promise<Schemas['EventPage']> {
    return this.get(`/v1/jobs/${encodeURIComponent(id)}/events${queryOf(query)}`, signal);
  }

  /** Opens the stream of a job's events; null where there is nothing behind `after` and never will be. */
  async stream(id: string, after: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (after !== null) headers['last-event-id'] = after;
    const response = await this.send(`/v1/jobs/${encodeURIComponent(id)}/events`, {
      headers,
      signal,
      cache: 'no-store'
    });
    if (response.status === 204) return null;
    if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw await problemOf(response);
    return response.body;
  }

  approve(id: string, estimateDigest: string | null, limitMicroUsd: number | null): Promise<Job> {
    return this.post(`/v1/jobs/${encodeURIComponent(id)}/approve`, {
      estimate_digest: estimateDigest,
      limit_micro_usd: limitMicroUsd
    });
  }

  cancel(id: string): Promise<Job> {
    return this.post(`/v1/jobs/${encodeURIComponent(id)}/cancel`);
  }

  retry(id: string): Promise<Schemas['SubmittedJob']> {
    return this.post(`/v1/jobs/${encodeURIComponent(id)}/retry`);
  }

  docpacks(query: QueryOf<'list_docpacks'> = {}): Promise<Schemas['PageOfDocpackSummary']> {
    return this.get(`/v1/docpacks${queryOf(query)}`);
  }

  /** Compares two packs: what changed from the first to the second. */
  diff(id: string, other: string, query: QueryOf<'diff_docpacks'> = {}): Promise<Schemas['Difference']> {
    return this.get(`/v1/docpacks/${encodeURIComponent(id)}/diff/${encodeURIComponent(other)}${queryOf(query)}`);
  }

  docpack(id: string): Promise<Schemas['Docpack']> {
    return this.get(`/v1/docpacks/${encodeURIComponent(id)}`);
  }

  /** Takes a docpack off the caller's list. */
  removeDocpack(id: string): Promise<void> {
    return this.remove(`/v1/docpacks/${encodeURIComponent(id)}`);
  }

  sharing(id: string): Promise<Schemas['Sharing']> {
    return this.get(`/v1/docpacks/${encodeURIComponent(id)}/sharing`);
  }

  setVisibility(id: string, visibility: Schemas['VisibilityWord']): Promise<Schemas['Sharing']> {
    return this.post(`/v1/docpacks/${encodeURIComponent(id)}/sharing`, { visibility });
  }

  createLink(id: string, wanted: Schemas['NewLinkRequest']): Promise<Schemas['MadeLink']> {
    return this.post(`/v1/docpacks/${encodeURIComponent(id)}/links`, wanted);
  }

  revokeLink(id: string, link: string): Promise<void> {
    return this.remove(`/v1/docpacks/${encodeURIComponent(id)}/links/${encodeURIComponent(link)}`);
  }

  search(id: string, query: QueryOf<'search_docpack'>, signal?: AbortSignal): Promise<Schemas['SearchResults']> {
    return this.get(`/v1/docpacks/${encodeURIComponent(id)}/search${queryOf(query)}`, signal);
  }

  ask(id: string, query: QueryOf<'ask_docpack'>, signal?: AbortSignal): Promise<Schemas['Answer']> {
    return this.get(`/v1/docpacks/${encodeURIComponent(id)}/ask${queryOf(query)}`, signal);
  }

  symbol(id: string, symbol: string, limit: number): Promise<Schemas['SymbolDetail']> {
    return this.get(
      `/v1/docpacks/${encodeURIComponent(id)}/symbols/${encodeURIComponent(symbol)}${queryOf({ limit })}`
    );
  }

  me(): Promise<Schemas['Me']> {
    return this.get('/v1/me');
  }

  sessions(): Promise<Schemas['Sessions']> {
    return this.get('/v1/me/sessions');
  }

  keys(): Promise<Schemas['ApiKeys']> {
    return this.get('/v1/me/keys');
  }

  createKey(wanted: Schemas['NewKeyRequest']): Promise<Schemas['MadeKey']> {
    return this.post('/v1/me/keys', wanted);
  }

  async endSession(id: string): Promise<void> {
    await this.remove(`/v1/me/sessions/${encodeURIComponent(id)}`);
  }

  async revokeKey(id: string): Promise<void> {
    await this.remove(`/v1/me/keys/${encodeURIComponent(id)}`);
  }

  async signOut(): Promise<void> {
    await this.act('/v1/sign-out');
  }

  async deleteMe(): Promise<void> {
    await this.remove('/v1/me');
  }

  errors(): Promise<Schemas['ErrorCodes']> {
    return this.get('/v1/errors');
  }

  /** Sends a request that reads; for operations that have no method here. */
  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.json<T>(await this.send(path, { headers: { accept: 'application/json' }, ...(signal && { signal }) }));
  }

  async post<T>(path: string, body?: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<T> {
    const init: RequestInit = {
      method: 'POST',
      headers: { accept: 'application/json', ...headers },
      ...(signal && { signal })
    };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, 'content-type': 'application/json' };
    }
    return this.json<T>(await this.send(path, init));
  }

  /** Sends a request that is answered without a body. */
  async act(path: string, body?: unknown): Promise<void> {
    const json = { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    await this.send(path, { method: 'POST', ...(body !== undefined && json) });
  }

  async remove(path: string): Promise<void> {
    await this.send(path, { method: 'DELETE' });
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const base = await this.base;
    let response: Response;
    try {
      response = await this.fetch(`${base}${withParameters(path, this.always)}`, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw unreachable(base);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** The contract's types hold from here on; what is no JSON is no answer of this API. */
  private async json<T>(response: Response): Promise<T> {
    if (!response.headers.get('content-type')?.startsWith('application/json')) throw await problemOf(response);
    try {
      return (await response.json()) as T;
    } catch {
      throw new ApiError({
        code: 'api_unreadable',
        title: 'The server’s answer was cut short',
        help: 'Reload the page.'
      });
    }
  }
}

function withParameters(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = queryOf(parameters);
  return path.includes('?') ? path + query.replace('?', '&') : path + query;
}

/** Writes a query with its question mark; fields without a value are left out. */
export function queryOf(query: Record<string, string | number | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A key of its own for each thing that a person does once; also where there is no secure context. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
