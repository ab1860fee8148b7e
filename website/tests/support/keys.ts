import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** More stops than a reader would put up with. */
const MOST_STOPS = 80;
/** Boxes of a drawing whose middles are nearer than this stand in one row. */
const ROW_PX = 26;

/** Presses Tab until the focus is on what is wanted; every stop on the way must be in sight with its focus marked. */
export async function tabTo(page: Page, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let n = 0; n < MOST_STOPS; n++) {
    await page.keyboard.press(key);
    passed.push(await expectSeen(page));
    if (await hasFocus(wanted)) return;
  }
  throw new Error(`not reached by ${key}: ${wanted}; passed: ${passed.join(' | ')}`);
}

/** Goes to a control with the Tab key and presses Enter on it. */
export async function enter(page: Page, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await tabTo(page, wanted, key);
  await page.keyboard.press('Enter');
}

export const hasFocus = (wanted: Locator): Promise<boolean> =>
  wanted.evaluateAll((all) => all.some((element) => element === document.activeElement));

/** Waits until the focus is on it, and checks that it can be seen there. */
export async function expectFocus(page: Page, wanted: Locator): Promise<void> {
  await expect.poll(() => hasFocus(wanted), { timeout: 10_000, message: `the focus goes to ${wanted}` }).toBe(true);
  await expectSeen(page);
}

/** Fails where the focus is out of sight or nothing marks it; gives its name. */
async function expectSeen(page: Page): Promise<string> {
  const { name, ...seen } = await page.evaluate(lookAtFocus);
  expect({ name, ...seen }).toEqual({ name, isMarked: true, isInSight: true });
  return name;
}

/** Presses arrow keys towards something in a drawing until the focus is on it. */
export async function walkTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let n = 0; n < MOST_STOPS; n++) {
    if (await hasFocus(wanted)) return;
    const { x, y } = await page.evaluate(() => {
      const { x, y, width, height } = document.activeElement!.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
    const goal = (await wanted.boundingBox())!;
    const [dx, dy] = [goal.x + goal.width / 2 - x, goal.y + goal.height / 2 - y];
    const isInRow = Math.abs(dy) <= ROW_PX;
    await page.keyboard.press(isInRow ? (dx > 0 ? 'ArrowRight' : 'ArrowLeft') : dy > 0 ? 'ArrowDown' : 'ArrowUp');
    await expectSeen(page);
  }
  throw new Error(`not reached by arrow keys: ${wanted}`);
}

function lookAtFocus(): { name: string; isMarked: boolean; isInSight: boolean } {
  const element = document.activeElement;
  // After the last stop the browser's own controls have the focus.
  if (!element || element === document.body) return { name: 'browser', isMarked: true, isInSight: true };
  const isRinged = (each: Element | null) => {
    if (!each) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  };
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const label = element.getAttribute('aria-label') ?? element.textContent ?? '';
  return {
    name: `${element.tagName.toLowerCase()} ${label.trim().replace(/\s+/g, ' ').slice(0, 40)}`,
    // An input that only its label shows is marked by the label.
    isMarked: isRinged(element) || isRinged(element.closest('label')),
    isInSight: right > 0 && bottom > 0 && left < window.innerWidth && top < window.innerHeight
  };
}
