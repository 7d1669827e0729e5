import { type FileHandle, open, rm } from 'node:fs/promises';
import type { StepWriter } from '../../../runtime/step.ts';

/** Rows that wait in a local file for their turn. */
export class RowSpool {
  readonly #path: string;
  #file: FileHandle | null = null;
  #chunks: { readonly bytes: number; readonly rows: number }[] = [];
  #written = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds whole rows behind those that wait already. */
  async add(bytes: Uint8Array, rows: number): Promise<void> {
    this.#file ??= await open(this.#path, 'w+');
    await this.#file.write(bytes, 0, bytes.length, this.#written);
    this.#chunks.push({ bytes: bytes.length, rows });
    this.#written += bytes.length;
  }

  /** Moves all waiting rows into the dataset, in their order. */
  async drainInto(writer: StepWriter): Promise<void> {
    let position = 0;
    for (const { bytes, rows } of this.#chunks.splice(0)) {
      const buffer = Buffer.allocUnsafe(bytes);
      await this.#file?.read(buffer, 0, bytes, position);
      position += bytes;
      await writer.appendCsv(buffer, rows, { isExact: true });
    }
    this.#written = 0;
  }

  async remove(): Promise<void> {
    await this.#file?.close();
    await rm(this.#path, { force: true });
  }
}
