import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../contract/json.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';

/** The parts of a machine that must not change before a redrive. */
interface Known {
  readonly definition: JsonObject;
  /** Absent in records of earlier versions of Daybreak. */
  readonly steps?: StepSpecs;
}

/** The difference between a machine and the one that started an execution; null if they are the same. */
export function changedDefinition(before: Known, now: Known): string | null {
  const same = isDeepStrictEqual(asJson(before.definition), asJson(now.definition));
  const { steps = {} } = before;
  if (same && isDeepStrictEqual(asJson(steps), asJson(now.steps ?? {}))) return null;
  const changed = Object.values(now.steps ?? {}).filter(({ name, code }) => steps[name] && steps[name].code !== code);
  return changed.length > 0
    ? `the code of ${changed.map(({ name }) => name).join(', ')} has changed`
    : 'the template, its environment (--env), or Daybreak has changed';
}

const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;
