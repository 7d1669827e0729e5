import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { violationsAt } from '../../input/json-schema.ts';
import { partitionAt, partitionNamed } from '../../input/partitions/partition-names.ts';
import { planPartition } from '../plan/plan-partition.ts';
import type { Template } from '../template/template.ts';

/** Reports a first partition that does not exist, and an input schema that no partition's name fits. */
export function checkPartition(template: Template, report: Report): void {
  const rule = planPartition(template);
  if (!rule) return;
  const { key, start, ...plain } = rule;
  const found = start === undefined ? null : partitionNamed(start, plain);
  if (found && 'problem' in found) {
    const message = `"start" is ${JSON.stringify(start)}, which ${found.problem}`;
    report(makeDiagnostic('BAD_VALUE', template.at(['partition', 'start']), message));
  }
  const { inputSchema } = template;
  const fields = inputSchema?.properties;
  if (!inputSchema || typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, key)) return;
  const { name } = partitionAt(Date.UTC(2026, 0, 15, 12), plain);
  const [violation] = violationsAt(inputSchema, ['properties', key], name);
  if (violation === undefined) return;
  const message = `"input_schema" refuses the names of partitions in the field "${key}": ${violation.replace(/^\/: /, '')}`;
  report(makeDiagnostic('BAD_VALUE', template.at(['input_schema', 'properties', key]), message));
}
