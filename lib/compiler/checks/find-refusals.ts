import type { JsonObject } from '../../contract/json.ts';
import { violationsOf } from '../../input/json-schema.ts';
import { decidePartition, type PartitionSetting } from '../../input/partitions/decide-partition.ts';
import { scheduleInput } from '../../input/schedule-input.ts';

/** Something that Prepare would refuse in the input of scheduled starts. */
export interface ScheduleRefusal {
  /** Where in the input. */
  readonly path: readonly string[];
  /** As Prepare will word it. */
  readonly violation: string;
  /** The first time with this fault, and the number of times with a fault at the same place. */
  readonly time: string;
  readonly count: number;
}

/** The faults in a schedule's input for which Prepare would refuse a start at these times (ISO 8601), one for each place in the input. */
export async function findRefusals(
  times: readonly string[],
  { input, timezone }: { readonly input: JsonObject; readonly timezone: string },
  { schema, partition }: { readonly schema: JsonObject | null; readonly partition: PartitionSetting | null },
): Promise<ScheduleRefusal[]> {
  const refusals = new Map<string, ScheduleRefusal>();
  const known = new Map<string, readonly string[]>();
  for (const time of times) {
    let evaluated = await scheduleInput(input, { scheduledTime: time, timezone });
    const decided =
      partition && evaluated.violations.length === 0
        ? decidePartition(evaluated.input, partition, { run: null, scheduledTime: time, now: null })
        : null;
    if (decided && 'violation' in decided) evaluated = { ...evaluated, violations: [decided.violation] };
    else if (decided && partition)
      evaluated = { ...evaluated, input: { ...evaluated.input, [partition.key]: decided.partition.name } };
    const text = JSON.stringify(evaluated.input);
    // Prepare looks at both, but a value that could not be evaluated fits no schema.
    const found =
      evaluated.violations.length > 0 || schema === null
        ? evaluated.violations
        : (known.get(text) ?? violationsOf(schema, evaluated.input));
    known.set(text, found);
    for (const [pointer, violation] of firstOfEachPlace(found)) {
      const { count, ...first } = refusals.get(pointer) ?? { path: segments(pointer), violation, time, count: 0 };
      refusals.set(pointer, { ...first, count: count + 1 });
    }
  }
  return [...refusals.values()];
}

/** A violation begins with its place: `/date_range/start: ...`. */
const firstOfEachPlace = (violations: readonly string[]): Map<string, string> =>
  new Map(violations.map((violation) => [/^\/.*?(?=: )/s.exec(violation)?.[0] ?? '', violation] as const).reverse());

const segments = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
