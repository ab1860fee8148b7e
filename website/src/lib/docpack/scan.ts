import { DocpackError } from './errors';
import type { ReadLimits } from './limits';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Parses one JSON entry; how deep it is and how many values it has are counted first, on the bytes. */
export function parseJson(path: string, bytes: Uint8Array, limits: ReadLimits): unknown {
  checkStructure(path, bytes, limits);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new DocpackError('json_malformed', `\`${path}\` is not JSON`);
  }
}

/** What a byte outside of strings means for the structure; most mean nothing. */
const [NOTHING, STRING, OPEN, CLOSE, NEXT] = [0, 1, 2, 3, 4];
const MEANING = new Uint8Array(256);
MEANING[QUOTE] = STRING;
MEANING[OPEN_ARRAY] = MEANING[OPEN_OBJECT] = OPEN;
MEANING[CLOSE_ARRAY] = MEANING[CLOSE_OBJECT] = CLOSE;
MEANING[COMMA] = NEXT;

function checkStructure(path: string, bytes: Uint8Array, limits: ReadLimits): void {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    const is = MEANING[bytes[at]!];
    if (is === NOTHING) continue;
    if (is === STRING) {
      at = stringEnd(bytes, at);
    } else if (is === OPEN) {
      values++;
      if (++depth > limits.jsonDepth) {
        throw new DocpackError('json_malformed', `\`${path}\` nests deeper than ${limits.jsonDepth} levels`);
      }
    } else if (is === CLOSE) {
      depth--;
    } else if (++values > limits.values) {
      throw new DocpackError('too_many_values', `\`${path}\` holds more than ${limits.values} values`);
    }
  }
}

/** Gives the place of a string's closing quote; that of its opening one is `start`. */
export function stringEnd(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at;
  }
  return bytes.length;
}

/** Walks canonical JSON by its bytes, so that values are cut out and hashed without being built. */
export class Cursor {
  readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  peek(): number | undefined {
    return this.bytes[this.at];
  }

  expect(byte: number): void {
    if (this.bytes[this.at] !== byte) this.refuse();
    this.at++;
  }

  finish(): void {
    if (this.at !== this.bytes.length) this.refuse();
  }

  /** Steps to the next element of the open array, or over its end. */
  nextElement(isFirst: boolean): boolean {
    if (this.peek() === CLOSE_ARRAY) {
      this.at++;
      return false;
    }
    if (!isFirst) this.expect(COMMA);
    return true;
  }

  /** Reads the next key of the open object with its quotes, or steps over the object's end. */
  nextKey(isFirst: boolean): Uint8Array | null {
    if (this.peek() === CLOSE_OBJECT) {
      this.at++;
      return null;
    }
    if (!isFirst) this.expect(COMMA);
    const start = this.at;
    if (this.peek() !== QUOTE) this.refuse();
    this.at = stringEnd(this.bytes, start) + 1;
    const key = this.bytes.subarray(start, this.at);
    this.expect(0x3a);
    return key;
  }

  /** Steps over one whole value and gives its bytes. */
  value(): Uint8Array {
    const { bytes } = this;
    const start = this.at;
    let depth = 0;
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      if (byte === QUOTE) {
        this.at = stringEnd(bytes, this.at) + 1;
        if (depth === 0) break;
        continue;
      }
      if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
      else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        if (depth === 0) break;
        if (--depth === 0) {
          this.at++;
          break;
        }
      } else if (byte === COMMA && depth === 0) break;
      this.at++;
    }
    if (this.at === start) this.refuse();
    return bytes.subarray(start, this.at);
  }

  private refuse(): never {
    throw new DocpackError('json_malformed', `an entry is not canonical JSON at byte ${this.at}`);
  }
}
