export type Theme = 'light' | 'dark';
export type ThemeChoice = 'system' | Theme;

const KEY = 'doctown.theme';

/** The theme in use: the system's, or the one that was chosen here. */
export class ThemeState {
  choice = $state<ThemeChoice>('system');
  private system = $state<Theme>('light');
  readonly theme: Theme = $derived(this.choice === 'system' ? this.system : this.choice);

  /** Follows the system and remembers the choice; gives the way to stop. */
  start(): () => void {
    const stored = readChoice();
    if (stored) this.choice = stored;
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = () => (this.system = dark.matches ? 'dark' : 'light');
    follow();
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Without storage, as in a file opened from disk, the choice lasts as long as the page.
    }
  }

  /** Writes the theme where the style sheet looks for it. */
  apply(): void {
    document.documentElement.dataset.theme = this.theme;
  }
}

function readChoice(): ThemeChoice | null {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'system' || stored === 'light' || stored === 'dark' ? stored : null;
  } catch {
    return null;
  }
}
