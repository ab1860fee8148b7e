import type { Page } from 'playwright-core';

export interface Walk {
  stop: string;
  nElements: number;
  /** Whether the way came back to its beginning. */
  isWhole: boolean;
  unseen: string[];
  unnamed: string[];
  isModal: boolean;
}

const MOST = 60;

/** What the focus is on, as a person would call it; null where it is on nothing of the page. */
interface Focused {
  place: string;
  label: string;
  isSeen: boolean;
  isNamed: boolean;
}

/** Presses Tab until it comes round, and writes down what cannot be seen or has no name. */
export async function walkKeyboard(page: Page, stop: string): Promise<Walk> {
  const isModal = (await page.locator('dialog[open]').count()) > 0;
  const met = new Map<string, Focused>();
  let isWhole = false;
  while (!isWhole && met.size < MOST) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(lookAtFocus);
    if (focused === null || met.has(focused.place)) isWhole = met.size > 0;
    if (focused !== null && !isWhole) met.set(focused.place, focused);
    if (focused === null && met.size === 0) break;
  }
  const those = (is: (focused: Focused) => boolean) => [...met.values()].filter(is).map(({ label }) => label);
  const walk = {
    stop,
    nElements: met.size,
    isWhole,
    unseen: those(({ isSeen }) => !isSeen),
    unnamed: those(({ isNamed }) => !isNamed),
    isModal
  };
  if (isModal) {
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  }
  return walk;
}

function lookAtFocus(): Focused | null {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement || element instanceof SVGElement) || element === document.body) return null;
  const way: number[] = [];
  for (let at: Element = element; at.parentElement; at = at.parentElement)
    way.unshift([...at.parentElement.children].indexOf(at));
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { width, height } = element.getBoundingClientRect();
  const labels =
    element instanceof HTMLInputElement || element instanceof HTMLSelectElement
      ? [...(element.labels ?? [])].map(({ textContent }) => textContent ?? '')
      : [];
  const name =
    [element.getAttribute('aria-label'), element.textContent, element.getAttribute('title'), ...labels].find((text) =>
      text?.trim()
    ) ?? '';
  const isSeen = width > 0 && height > 0 && outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  return {
    place: way.join('.'),
    label: `${element.tagName.toLowerCase()} ${name.trim().slice(0, 30)}`,
    isSeen,
    isNamed: name.trim() !== ''
  };
}
