import { browserText } from './browser-text';
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

  /** True where a reader may ask again: also where something else answered in the API's place, such as a proxy. */
  get canRetry(): boolean {
    return this.isPassing || this.code === 'api_unreadable';
  }
}

/** No answer at all: the server is down, or the network is. */
export function unreachable(base: string): ApiError {
  return new ApiError({
    code: 'api_unreachable',
    title: 'The server did not answer',
    detail: `Nothing answered at ${base || 'the address of this page'}.`,
    help: 'Check your connection and reload the page. If you run this server, check that `doctown serve` is running.'
  });
}

/** Makes an error from an answer, in words for a browser; a proxy’s answer is not a problem document. */
export async function problemOf(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : null;
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  const body: unknown = isProblem ? await response.json().catch(() => null) : null;
  if (isRecord(body) && typeof body.code === 'string' && typeof body.title === 'string') {
    const problem = body as Problem;
    return new ApiError(
      { ...problem, ...browserText({ ...problem, detail: problem.detail ?? '' }, Date.now()), status: response.status },
      retryAfterMs
    );
  }
  return new ApiError(
    {
      code: 'api_unreadable',
      title: 'The answer did not come from a Doctown server',
      status: response.status,
      detail: `Its status is ${response.status}${response.statusText ? ` ${response.statusText}` : ''}.`,
      help: 'Try again in a minute. If you run this site, check `api_base_url` in `/config.json`, and any proxy in between.'
    },
    retryAfterMs
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
