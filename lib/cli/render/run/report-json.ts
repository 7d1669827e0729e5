import type { JsonObject } from '../../../contract/json.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';

/** A report as `--json` prints it: steps by name, in the pipeline's order. */
export function reportJson({ steps, ...report }: RunReport): JsonObject {
  const byName = Object.fromEntries(steps.map(({ step, ...facts }) => [step, facts]));
  return { ...report, steps: byName } as unknown as JsonObject;
}
