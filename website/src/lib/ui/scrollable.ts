/** Makes a box a stop of the Tab key only while there is something in it to scroll to. */
export function scrollable(box: HTMLElement): () => void {
  const update = () => {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.tabIndex = 0;
    // Whoever is in it stays in it.
    else if (box !== document.activeElement) box.removeAttribute('tabindex');
  };
  update();
  if (typeof ResizeObserver === 'undefined') return () => undefined;
  const observer = new ResizeObserver(update);
  for (const each of [box, ...box.children]) observer.observe(each);
  return () => observer.disconnect();
}
