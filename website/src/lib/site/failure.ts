import { ApiError } from '$lib/api/problem';

/** What a failed request is shown as; anything else is a mistake of ours and goes on. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}
