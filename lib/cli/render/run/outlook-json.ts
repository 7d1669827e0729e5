import type { DeadlineRecord } from '../../../contract/events/deadline-record.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { OnTime } from '../../../operate/deadlines/on-time.ts';
import type { Outlook } from '../../../operate/deadlines/read-outlook.ts';
import type { EndRange, RunEstimate } from '../../../operate/estimate/estimate.ts';

/** The outlook of a run as `--json` prints it; times are ISO 8601 in UTC. */
export function outlookJson({ estimate, deadlines }: Outlook): JsonObject {
  return { estimate: estimate && estimateJson(estimate), deadlines: deadlines.map(deadlineJson) };
}

/** The share of deadlines that were met, as `--json` prints it. */
export function onTimeJson(all: readonly OnTime[]): JsonObject[] {
  return all.map((one) => ({ ...one }));
}

function estimateJson({ runs, end, steps, heldUpBy, assumed, unknown }: RunEstimate): JsonObject {
  return {
    runs,
    end: end && range(end),
    held_up_by: heldUpBy,
    steps: Object.fromEntries(Object.entries(steps).map(([name, one]) => [name, range(one)])),
    by_expected_duration: [...assumed],
    unknown: [...unknown],
  };
}

function deadlineJson({ step, ready_by, at_risk, missed, met }: DeadlineRecord): JsonObject {
  const notice = missed ?? at_risk;
  return {
    step,
    ready_by,
    at_risk_since: at_risk?.at ?? null,
    missed: missed !== null || (met !== null && Date.parse(met.at) > Date.parse(ready_by)),
    met_at: met?.at ?? null,
    held_up_by: met === null ? (notice?.held_up_by ?? null) : null,
    late_seconds: met === null ? (notice?.late_seconds ?? null) : lateSeconds(met.at, ready_by),
  };
}

const lateSeconds = (at: string, readyBy: string): number =>
  Math.max(0, Math.round((Date.parse(at) - Date.parse(readyBy)) / 1_000));

const range = ({ from, to }: EndRange): JsonObject => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});
