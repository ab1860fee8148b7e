import { ApiError } from '$lib/api/problem';

/** Returns the error of a failed request; any other error is a bug and is thrown again. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}
