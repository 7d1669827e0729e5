import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Reads each source file of a project once, so that its digest and its compiled code come from the same bytes. */
export class SourceReader {
  readonly #read = new Map<string, Promise<Uint8Array>>();

  /** Gives the bytes of a file by its absolute path. */
  read(path: string): Promise<Uint8Array> {
    const bytes = this.#read.get(path) ?? readFile(path);
    this.#read.set(path, bytes);
    return bytes;
  }

  /** Makes esbuild take the bytes from here. It reads installed packages itself: they are many, and no one edits them during a run. */
  get plugin(): Plugin {
    return {
      name: 'daybreak-sources',
      setup: (setup) => {
        setup.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) =>
          isInstalled(path) ? null : { contents: await this.read(path), loader: 'default' },
        );
      },
    };
  }
}

/** True for a file of an installed package. */
export function isInstalled(path: string): boolean {
  return /(^|[/\\])node_modules[/\\]/.test(path);
}
