import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The first line of a file of order lines. */
export const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Writes the lines to a new file and returns its path. */
export async function csvFile(...lines: string[]): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'lines-')), 'lines.csv');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}
