import { ApiError } from '$lib/api/problem';

/** Packs that were opened from files, kept in this browser, so that a reload and a link find them again. */
export interface KeptPack {
  key: string;
  name: string;
  bytes: number;
  /** Milliseconds of the clock. */
  openedAt: number;
}

interface Row extends KeptPack {
  file: Blob;
}

const DATABASE = 'doctown';
const STORE = 'packs';
/** Browsers give a site some of the disk; more packs than this are rarely opened again. */
const MAX_BYTES = 300_000_000;
const MAX_PACKS = 8;

export class KeptPacks {
  /** What was given in this tab, for browsers that keep nothing. */
  private readonly given = new Map<string, File>();

  /** Keeps a file and gives its key; the packs that were opened longest ago go when there are too many. */
  async keep(file: File): Promise<string> {
    const key = keyOf(file);
    this.given.set(key, file);
    try {
      if (file.size <= MAX_BYTES)
        await this.put({ key, name: file.name, bytes: file.size, openedAt: Date.now(), file });
    } catch {
      // A private window keeps nothing; the file stays open in this tab.
    }
    return key;
  }

  /** Gives a file by its key; rejects where this browser keeps it no more. */
  async find(key: string): Promise<File> {
    const given = this.given.get(key);
    if (given) return given;
    const row = await this.run<Row | undefined>('readonly', (store) => store.get(key)).catch(() => undefined);
    if (!row) throw notKept();
    return new File([row.file], row.name);
  }

  /** The kept packs, the last opened first. */
  async list(): Promise<KeptPack[]> {
    const rows = await this.run<Row[]>('readonly', (store) => store.getAll()).catch(() => []);
    return rows
      .map(({ key, name, bytes, openedAt }) => ({ key, name, bytes, openedAt }))
      .sort((a, b) => b.openedAt - a.openedAt);
  }

  async forget(key: string): Promise<void> {
    this.given.delete(key);
    await this.run('readwrite', (store) => store.delete(key)).catch(() => undefined);
  }

  private async put(row: Row): Promise<void> {
    let [packs, bytes] = [1, row.bytes];
    for (const kept of await this.list()) {
      if (kept.key === row.key) continue;
      packs++;
      bytes += kept.bytes;
      if (packs > MAX_PACKS || bytes > MAX_BYTES) await this.forget(kept.key);
    }
    await this.run('readwrite', (store) => store.put(row));
  }

  private async run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' });
    const database = await settled<IDBDatabase>(opening);
    try {
      return await settled<T>(ask(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  }
}

function notKept(): ApiError {
  return new ApiError({
    code: 'file_not_kept',
    title: 'This browser does not have the file',
    detail: 'The address leads to a file that was opened here before and is no longer kept.',
    help: 'Open the file again.',
    status: 404
  });
}

function keyOf({ name, size, lastModified }: File): string {
  return `${name.replace(/\.docpack$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-')}-${size.toString(36)}-${lastModified.toString(36)}`;
}

function settled<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'));
  });
}
