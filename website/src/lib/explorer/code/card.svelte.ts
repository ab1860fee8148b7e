import { getContext, setContext } from 'svelte';
import type { CodeMark } from '$lib/docpack/source';

/** Before a card opens under the pointer, so that passing over code opens none. */
const OPEN_MS = 250;
/** After the pointer left a name, to reach the card. */
const CLOSE_MS = 180;

/** The card about a name in source text: one for the whole explorer. */
export class CardState {
  mark = $state.raw<CodeMark | null>(null);
  box = $state.raw<DOMRect | null>(null);
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private of: Element | null = null;

  point(mark: CodeMark, element: Element): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.show(mark, element), this.mark ? 0 : OPEN_MS);
  }

  show(mark: CodeMark, element: Element): void {
    clearTimeout(this.waiting);
    this.of = element;
    this.box = element.getBoundingClientRect();
    this.mark = mark;
  }

  /** Follows a name that the keyboard brought into sight; under the pointer there is another one now. */
  scrolled(): void {
    if (this.mark === null) return;
    if (this.of === document.activeElement) this.box = this.of!.getBoundingClientRect();
    else this.hide();
  }

  stay(): void {
    clearTimeout(this.waiting);
  }

  leave(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.hide(), CLOSE_MS);
  }

  hide(): void {
    clearTimeout(this.waiting);
    this.mark = null;
  }
}

const CARD = Symbol('card');
export const provideCard = (state: CardState) => setContext(CARD, state);
/** Where nothing provides one, names have no card. */
export const useCard = () => getContext<CardState | undefined>(CARD);
