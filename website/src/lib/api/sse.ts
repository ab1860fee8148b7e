/** One event of a stream: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface ServerSentEvent {
  id: string;
  type: string;
  data: string;
}

/** No event of the contract is near as long; a longer line is no event stream. */
const MAX_LINE_CHARS = 1 << 20;

/** Reads text in any pieces; gives each event once it is whole, so that a cut loses only what was not whole. */
export class EventStreamParser {
  private rest = '';
  private id = '';
  private type = '';
  private data: string[] = [];

  push(text: string): ServerSentEvent[] {
    const found: ServerSentEvent[] = [];
    const all = this.rest + text;
    const ends = /\r\n|\n|\r/g;
    let start = 0;
    for (let end = ends.exec(all); end !== null; end = ends.exec(all)) {
      // A carriage return at the very end may be the first half of a line's end.
      if (end[0] === '\r' && ends.lastIndex === all.length) break;
      const event = this.line(all.slice(start, end.index));
      if (event) found.push(event);
      start = ends.lastIndex;
    }
    this.rest = all.slice(start);
    if (this.rest.length > MAX_LINE_CHARS) throw new RangeError('a line of the event stream is too long');
    return found;
  }

  private line(line: string): ServerSentEvent | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id' && !value.includes('\0')) this.id = value;
    else if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    return null;
  }

  private dispatch(): ServerSentEvent | null {
    const { id, type, data } = this;
    this.type = '';
    this.data = [];
    return data.length === 0 ? null : { id, type: type || 'message', data: data.join('\n') };
  }
}
