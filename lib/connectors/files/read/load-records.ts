import type { Column } from '../../../columns/column-type.ts';
import type { Step, StepWriter } from '../../../runtime/step.ts';
import type { FileRecord } from './file-record.ts';
import type { RejectedLines } from './rejected-lines.ts';
import type { Checked } from './row-checker.ts';

/** One file that is being loaded into a dataset. */
export interface Loading {
  readonly step: Pick<Step, 'signal' | 'progress'>;
  readonly file: string;
  readonly columns: readonly Column[];
  readonly writer: StepWriter;
  readonly rejected: RejectedLines;
}

/** Characters of the writer's CSV that are handed on in one batch. */
const batchCharacters = 512 * 1024;

/** Hands the records of a file to the dataset's writer, and misfits to the bad lines. */
export async function loadRecords<Value>(
  { step, file, writer, rejected }: Loading,
  batches: AsyncIterable<readonly FileRecord<Value>[]>,
  check: (values: Value) => Checked,
): Promise<void> {
  let lines = '';
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (rows === 0) return;
    const bytes = Buffer.from(lines, 'utf8');
    const count = rows;
    lines = '';
    rows = 0;
    await writer.appendCsv(bytes, count, { isExact: true });
    await step.progress(writer.rowCount);
  };
  for await (const batch of batches) {
    step.signal.throwIfAborted();
    const bad = [];
    for (const { line, text, values, problem } of batch) {
      const checked = values === null ? { reason: problem ?? 'it cannot be read' } : check(values);
      if ('reason' in checked) {
        bad.push({ file, line, reason: checked.reason, text });
        continue;
      }
      lines += checked.line;
      rows += 1;
      if (lines.length >= batchCharacters) await flush();
    }
    if (bad.length > 0) await rejected.add(bad);
  }
  await flush();
}
