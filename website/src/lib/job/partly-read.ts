import type { StreamedEvent } from '$lib/api/client';
import type { Gap } from '$lib/docpack/records';

/** Files of which something was not read, as a job's events name them; a second try names them again. */
export class PartlyReadFiles {
  private readonly byPath = new Map<string, Gap>();
  private looked = 0;

  /** Looks at the events that were not there the last time. */
  look(events: readonly StreamedEvent[], nEvents: number): void {
    for (; this.looked < nEvents; this.looked++) {
      const { event } = events[this.looked]!;
      if (event.type !== 'ingest.file_partly_read.v1') continue;
      const { file_path, code, n_places: places, line = null } = event.data;
      this.byPath.set(file_path, { code, places, line });
    }
  }

  get files(): [path: string, gap: Gap][] {
    return [...this.byPath];
  }
}
