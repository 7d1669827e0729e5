import type { JsonObject } from '../../../../contract/json.ts';
import type { OverlapTemplate, PartitionTemplate } from '../../template.ts';
import type { Reading } from '../../tree/reading.ts';
import { get, type Mapping, quote } from '../../tree/tree.ts';
import { checkInputField } from './input-field.ts';

/** Reports what does not agree with `partition` in other keys of the pipeline: the input has its field, and runs of one partition take turns. */
export function checkPartitionKeys(
  { key }: PartitionTemplate,
  {
    pipeline,
    schema,
    overlap,
  }: { readonly pipeline: Mapping; readonly schema: JsonObject | null; readonly overlap: OverlapTemplate | null },
  reading: Reading,
): void {
  const at = get(pipeline, 'partition');
  if (!at) return;
  checkInputField(key, { schema, at: (get(at, 'key') ?? at).range }, reading);
  const turns = get(pipeline, 'overlap');
  if (!turns || !overlap) return;
  if (overlap.policy === 'allow') {
    const message =
      'runs of one partition take turns, so "overlap" has to be skip or queue; partitions run side by side';
    reading.say('BAD_VALUE', (get(turns, 'policy') ?? turns).range, message);
  }
  if (overlap.key === null || overlap.key === key) return;
  const message = `runs take turns by partition, so "key" has to be ${quote(key)}, which it is when left out`;
  reading.say('BAD_VALUE', (get(turns, 'key') ?? turns).range, message);
}
