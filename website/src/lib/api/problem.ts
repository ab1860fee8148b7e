import type { components } from './schema';

export type Problem = components['schemas']['Problem'];

/** A request that the API did not do: its code stays the same, its texts are for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly help: string;
  readonly requestId: string | null;
  readonly fields: readonly { pointer: string; detail: string }[];
  /** How long the API asks to wait, where it does. */
  readonly retryAfterMs: number | null;

  constructor(problem: Partial<Problem> & { code: string; title: string }, retryAfterMs: number | null = null) {
    super(problem.detail ?? problem.title);
    this.code = problem.code;
    this.status = problem.status ?? 0;
    this.title = problem.title;
    this.detail = problem.detail ?? '';
    this.help = problem.help ?? '';
    this.requestId = problem.request_id ?? null;
    this.fields = problem.errors ?? [];
    this.retryAfterMs = retryAfterMs;
  }

  /** True where the same request may be answered a moment later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** No answer at all: the server is down, or the network is. */
export function unreachable(base: string): ApiError {
  return new ApiError({
    code: 'api_unreachable',
    title: 'The API gives no answer',
    detail: `Nothing answers at ${base || 'the host of this page'}.`,
    help: 'Check that `doctown serve` runs, or that the address in `/config.json` is right.'
  });
}

/** Makes an error of an answer, also of one that comes from a proxy and is no problem document. */
export async function problemOf(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : null;
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  const body: unknown = isProblem ? await response.json().catch(() => null) : null;
  if (isRecord(body) && typeof body.code === 'string' && typeof body.title === 'string') {
    return new ApiError({ ...(body as Problem), status: response.status }, retryAfterMs);
  }
  const title = `The API answers ${response.status}${response.statusText ? ` ${response.statusText}` : ''}`;
  return new ApiError({ code: 'api_unreadable', title, status: response.status, detail: 'What came is not in the form that the contract gives.', help: 'Check that the address in `/config.json` is that of a Doctown API.' }, retryAfterMs);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
