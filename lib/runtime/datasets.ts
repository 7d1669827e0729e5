import type { DatasetEntry } from '../contract/records.ts';

/** Interim: replaced by lib/data. */
export class DatasetWriter {
  readonly rowCount = 0;
  constructor(..._: unknown[]) {
    throw new Error('datasets are not there yet');
  }
  async append(_rows: readonly object[]): Promise<void> {}
  async close(): Promise<DatasetEntry> {
    throw new Error('datasets are not there yet');
  }
  async abort(): Promise<void> {}
}

export function readDataset(..._: unknown[]): AsyncIterable<object[]> {
  throw new Error('datasets are not there yet');
}
