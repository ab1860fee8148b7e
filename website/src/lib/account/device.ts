import type { ApiClient } from '$lib/api/client';
import { device, type Device, type Me } from '$lib/api/people';
import { forPerson, type ForPerson } from './visitor.svelte';

/** Letters and digits of a code, in groups of four. */
const GROUP = 4;

/** Writes a code as the terminal shows it, however it was typed: `abcd efgh` is `ABCD-EFGH`. */
export function deviceCode(typed: string): string {
  const letters = typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 16);
  return letters.match(new RegExp(`.{1,${GROUP}}`, 'g'))?.join('-') ?? '';
}

/** What `/device` shows: the program that asks, or null where a code is still to be typed. */
export interface DevicePage {
  me: Me;
  device: Device | null;
}

export function fetchDevice(api: ApiClient, code: string): Promise<ForPerson<DevicePage>> {
  return forPerson(async () => ({ me: await api.me(), device: code === '' ? null : await device(api, code) }));
}
