/** The server takes no longer path to come back to. */
const MAX_CHARS = 500;

/** Returns a path of this site as it was given; null for an address that leads elsewhere. */
export function ownPath(text: string | null): string | null {
  if (text === null || text.length > MAX_CHARS || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text)) return null;
  return text;
}

/** Writes the address of the page to sign in at, from which somebody comes back to a path of this site. */
export function signInHref(path: string): string {
  return ownPath(path) === null || path === '/' ? '/login' : `/login?return_to=${encodeURIComponent(path)}`;
}
