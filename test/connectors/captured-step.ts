import { csvFields } from '../../lib/connectors/postgres/read/csv-fields.ts';
import type { Columns } from '../../lib/runtime/step.ts';

/** A row as PostgreSQL wrote it into CSV: texts and nulls. */
export type TextRow = readonly (string | null)[];

/** A step that keeps, as text, the data that sources write. */
export class CapturedStep {
  readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  readonly datasets = new Map<
    string,
    { readonly columns: Columns; readonly chunks: Uint8Array[]; readonly objects: object[]; rows: number }
  >();
  readonly reports: (readonly [done: number, total: number | null | undefined])[] = [];
  checkpoint: { postgres?: unknown } | undefined;
  /** Called with every state that a step could hand on; it may throw to hand on. */
  onYield: (state: unknown) => void = () => {};
  /** Called with every chunk, before the chunk counts. */
  onChunk: () => void | Promise<void> = () => {};

  writer(name: string, { columns }: { readonly columns: Columns }) {
    const dataset = this.datasets.get(name) ?? { columns, chunks: [], objects: [], rows: 0 };
    this.datasets.set(name, dataset);
    return {
      append: async (rows: readonly object[]) => {
        dataset.objects.push(...rows);
        dataset.rows += rows.length;
      },
      appendCsv: async (bytes: Uint8Array, rows: number) => {
        await this.onChunk();
        dataset.chunks.push(Buffer.from(bytes));
        dataset.rows += rows;
      },
      appendColumns: async () => {
        throw new Error('no source writes columns');
      },
      get rowCount() {
        return dataset.rows;
      },
    };
  }

  /** Objects of the store, by key. */
  readonly stored = new Map<string, Uint8Array>();

  /** In pieces that do not end at line ends. */
  async object(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    const bytes = this.stored.get(key.startsWith('sources/') ? key : `sources/${key}`);
    if (bytes === undefined) return null;
    return (async function* () {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    })();
  }

  async *objects(prefix: string) {
    for (const [key, bytes] of [...this.stored].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (key.startsWith(prefix.startsWith('sources/') ? prefix : `sources/${prefix}`))
        yield { key, bytes: bytes.length };
    }
  }

  /** The rows that came as objects. */
  objectsOf(name: string): object[] {
    return this.datasets.get(name)?.objects ?? [];
  }

  async progress(done: number, total?: number | null): Promise<void> {
    this.reports.push([done, total]);
  }

  async yieldIfDue(state: unknown): Promise<void> {
    this.onYield(structuredClone(state));
  }

  text(name: string): string {
    return Buffer.concat(this.datasets.get(name)?.chunks ?? []).toString();
  }

  /** Rows of a dataset. Each chunk must hold whole rows. */
  rows(name: string): TextRow[] {
    return (this.datasets.get(name)?.chunks ?? []).flatMap((chunk) => {
      const text = Buffer.from(chunk).toString();
      if (!text.endsWith('\n')) throw new Error('a chunk ends in the middle of a row');
      return [...text.matchAll(/(?:[^"\n]|"(?:[^"]|"")*")*\n/g)].map(([row]) => csvFields(row));
    });
  }
}
