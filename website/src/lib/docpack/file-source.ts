import { WorkerSource } from './worker-source';

/** A pack in a file, read in a worker; nothing of it leaves the browser. */
export class FileSource extends WorkerSource {
  private readonly file: Blob;
  private readonly name: string;

  constructor(file: Blob, name: string, worker: Worker) {
    super({ method: 'open', input: file }, worker);
    this.file = file;
    this.name = name;
  }

  override download = async () => ({ name: this.name, bytes: this.file.size, open: async () => this.file });
}
