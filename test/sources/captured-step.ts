import type { Columns } from '../../lib/runtime/step.ts';
import { csvFields } from '../../lib/sources/postgres/csv-fields.ts';

/** A row as PostgreSQL wrote it into CSV: texts and nulls. */
export type TextRow = readonly (string | null)[];

/** A step that keeps what sources write into it, as text. */
export class CapturedStep {
  readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  readonly datasets = new Map<string, { readonly columns: Columns; readonly chunks: Uint8Array[]; rows: number }>();
  readonly reports: (readonly [done: number, total: number | null | undefined])[] = [];
  checkpoint: { postgres?: unknown } | undefined;
  /** Called with every state that a step could hand on; may throw to hand on. */
  onYield: (state: unknown) => void = () => {};
  /** Called with every chunk, before it counts. */
  onChunk: () => void | Promise<void> = () => {};

  writer(name: string, { columns }: { readonly columns: Columns }) {
    const dataset = this.datasets.get(name) ?? { columns, chunks: [], rows: 0 };
    this.datasets.set(name, dataset);
    return {
      append: () => Promise.reject(new Error('rows come as CSV')),
      appendCsv: async (bytes: Uint8Array, rows: number) => {
        await this.onChunk();
        dataset.chunks.push(bytes);
        dataset.rows += rows;
      },
      get rowCount() {
        return dataset.rows;
      },
    };
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

  /** Rows of a dataset; each chunk has to hold whole ones. */
  rows(name: string): TextRow[] {
    return (this.datasets.get(name)?.chunks ?? []).flatMap((chunk) => {
      const text = Buffer.from(chunk).toString();
      if (!text.endsWith('\n')) throw new Error('a chunk ends in the middle of a row');
      return [...text.matchAll(/(?:[^"\n]|"(?:[^"]|"")*")*\n/g)].map(([row]) => csvFields(row));
    });
  }
}
