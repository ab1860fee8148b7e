const SHOWN_MS = 2_000;

/** Makes the buttons beside blocks of code copy them; gives the way to stop. */
export function copyCode(article: HTMLElement): () => void {
  const onclick = ({ target }: Event) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button.copy') : null;
    if (button) void copy(button);
  };
  article.addEventListener('click', onclick);
  return () => article.removeEventListener('click', onclick);
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const code = button.parentElement?.querySelector('code')?.textContent ?? '';
  button.textContent = await navigator.clipboard.writeText(code).then(
    () => 'Copied',
    // A browser may refuse; the text can be selected instead.
    () => 'Not allowed'
  );
  setTimeout(() => (button.textContent = 'Copy'), SHOWN_MS);
}
