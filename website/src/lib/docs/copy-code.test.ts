// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { copyCode } from './copy-code';

test('a button copies the code of its own block and says so', async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const article = document.createElement('article');
  const block = (code: string) =>
    `<div class="code-block"><pre><code>${code}</code></pre><button class="copy">Copy</button></div>`;
  article.innerHTML = block('one') + block('doctown view');
  const stop = copyCode(article);
  const button = article.querySelectorAll('button')[1]!;
  button.click();
  await vi.waitFor(() => expect(button.textContent).toBe('Copied'));
  expect(writeText.mock.calls).toEqual([['doctown view']]);
  stop();
  button.click();
  expect(writeText).toHaveBeenCalledTimes(1);
});
