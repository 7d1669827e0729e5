import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../contract/json.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';

/** A machine as far as it must not change before a redrive. */
interface Known {
  readonly definition: JsonObject;
  /** Absent from what an earlier version of Daybreak kept. */
  readonly steps?: StepSpecs;
}

/** In what a machine differs from the one that an execution was started with; null when it is the same. */
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
