import { ValidationError } from '../../../contract/errors.ts';
import { csvRecords, type Fields } from './csv-records.ts';
import type { FileRecord } from './file-record.ts';
import { type Loading, loadRecords } from './load-records.ts';
import { missingKeys } from './missing-keys.ts';
import { ndjsonRecords } from './ndjson-records.ts';
import type { UnpackedFile } from './packed/unpacked.ts';
import { fieldsChecker, objectChecker, type RowRule } from './row-checker.ts';
import { lineEndOf, textBlocks } from './text-blocks.ts';

/** The format of the lines, and the columns that they must fit. */
export interface LineForm {
  readonly format: 'csv' | 'ndjson';
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly nulls?: readonly string[];
  readonly optional?: readonly string[];
  readonly check?: RowRule;
}

/** Loads the lines of a CSV or NDJSON file: each becomes a row of the writer's dataset or a bad line. */
export async function loadLines(loading: Loading, form: LineForm, content: UnpackedFile): Promise<void> {
  const { file, columns } = loading;
  if (/^(?:fffe|feff)/.test(content.beginning.subarray(0, 2).toString('hex')))
    throw new ValidationError(`${file} is UTF-16: write charset: 'utf-16le' (or 'utf-16be'), or save it as UTF-8`);
  const lineEnd = lineEndOf(content.beginning);
  const blocks = textBlocks(content.bytes, lineEnd);
  if (form.format === 'ndjson') {
    const missing = missingKeys(file, columns, form.optional);
    await loadRecords(loading, missing.watch(ndjsonRecords(blocks, lineEnd)), objectChecker(columns, form.check));
    return missing.check();
  }
  const records = csvRecords(blocks, { delimiter: form.delimiter ?? ',', lineEnd });
  await loadCsv(loading, form, records);
}

async function loadCsv(
  loading: Loading,
  { header = true, nulls = [], optional = [], check: rule }: LineForm,
  batches: AsyncIterable<FileRecord<Fields>[]>,
): Promise<void> {
  const { file, columns } = loading;
  const checkerOf = (names: Fields | null) => fieldsChecker(columns, { file, header: names, nulls, optional, rule });
  let check = header ? null : checkerOf(null);
  const rows = async function* (): AsyncGenerator<FileRecord<Fields>[]> {
    for await (const batch of batches) {
      let records = batch;
      if (check === null) {
        const at = records.findIndex(({ text }) => text !== '');
        const first = records[at];
        if (first === undefined) continue;
        if (!first.values)
          throw new ValidationError(`${file}:${first.line}: the header cannot be read: ${first.problem}`);
        check = checkerOf(first.values);
        records = records.slice(at + 1);
      }
      // In CSV of one column an empty line is a null, as PostgreSQL writes it.
      yield check.fields === 1 ? records : records.filter(({ text }) => text !== '');
    }
    if (check === null) throw new ValidationError(`${file} is empty: not even a header`);
  };
  await loadRecords(loading, rows(), (fields) => check?.check(fields) ?? { reason: 'there is no header' });
}
