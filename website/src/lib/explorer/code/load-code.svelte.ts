import { refusalOf, type Refusal } from '$lib/docpack/errors';
import type { FileCode, PackSource } from '$lib/docpack/source';

/** Files that are kept, so that going back and forth is at once. */
const MAX_KEPT = 6;

/** The text of one file after another; an answer about a file that was left is dropped. */
export class CodeLoader {
  code = $state.raw<FileCode | null>(null);
  /** Whether the pack has no text of the file. */
  isMissing = $state(false);
  refusal = $state.raw<Refusal | null>(null);
  private readonly kept = new Map<string, FileCode>();
  private path = '';

  constructor(private readonly source: PackSource) {}

  async load(path: string): Promise<void> {
    this.path = path;
    this.refusal = null;
    this.isMissing = false;
    this.code = this.kept.get(path) ?? (this.code?.path === path ? this.code : null);
    if (this.code !== null) return;
    try {
      const code = await this.source.code(path);
      if (code) this.keep(code);
      if (path !== this.path) return;
      this.code = code;
      this.isMissing = code === null;
    } catch (error) {
      if (path === this.path) this.refusal = refusalOf(error);
    }
  }

  private keep(code: FileCode): void {
    this.kept.set(code.path, code);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MAX_KEPT) break;
      this.kept.delete(oldest);
    }
  }
}
