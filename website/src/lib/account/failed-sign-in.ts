import type { FailureText } from '$lib/api/browser-text';

const TITLE = 'You are not signed in';

/** Says why a sign-in failed, by the code that the server adds to the address. */
export function failedSignIn(code: string): FailureText {
  if (code === 'upstream_unavailable' || code === 'upstream_protocol' || code === 'rate_limited')
    return { title: TITLE, detail: 'GitHub did not answer.', help: 'Try again in a few minutes.' };
  return {
    title: TITLE,
    detail: 'The request was declined at GitHub, took longer than ten minutes, or began in another browser.',
    help: 'Sign in again and finish in this browser.'
  };
}

/** Codes as the API has them; an address may hold any text. */
export const isCode = (text: string) => /^[a-z_]{1,64}$/.test(text);
