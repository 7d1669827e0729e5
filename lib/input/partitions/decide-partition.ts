import type { JsonObject } from '../../contract/json.ts';
import type { Partition, PartitionRule } from './partition.ts';
import { exampleOf, lastComplete, partitionNamed } from './partition-names.ts';

/** The rule of a pipeline, with the input field that names a run's partition. */
export interface PartitionSetting extends PartitionRule {
  readonly key: string;
}

/** Facts about a start beside its input; null where there are none. */
export interface StartFacts {
  /** Name of the partition on which the run has worked before. */
  readonly run: string | null;
  /** ISO 8601. */
  readonly scheduledTime: string | null;
  /** Milliseconds since 1970: no partition that begins later can be meant. */
  readonly now: number | null;
}

/** The partition on which a run works, or the violation of the input that names none: one line that begins with the field. */
export type DecidedPartition = { readonly partition: Partition } | { readonly violation: string };

/** Decides the partition of a start: the one that the input names, else that of the run, else the last one that was complete at the scheduled time. */
export function decidePartition(input: JsonObject, rule: PartitionSetting, facts: StartFacts): DecidedPartition {
  const { key, by } = rule;
  const given = Object.hasOwn(input, key) ? input[key] : undefined;
  const name = given ?? facts.run ?? (facts.scheduledTime && lastComplete(Date.parse(facts.scheduledTime), rule).name);
  if (name === null) return { violation: `/${key}: is missing; a run works on one ${by}${hint(rule, facts.now)}` };
  const found = typeof name === 'string' ? partitionNamed(name, rule) : { problem: `is no ${by}${hint(rule, null)}` };
  const complain = (problem: string) => ({ violation: `/${key}: ${JSON.stringify(name).slice(0, 80)} ${problem}` });
  if ('problem' in found) return complain(found.problem);
  if (facts.run !== null && found.name !== facts.run)
    return complain(`is not the ${by} of this run, "${facts.run}"; start a new run for another one`);
  if (facts.now !== null && Date.parse(found.start) > facts.now) return complain('has not begun yet');
  return { partition: found };
}

const hint = (rule: PartitionSetting, now: number | null): string =>
  `, such as "${now === null ? exampleOf(rule.by) : lastComplete(now, rule).name}"`;
