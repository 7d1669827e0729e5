import { alertKeys } from '../../../lib/compiler/template/keys/alerts/read-alerts.ts';
import { businessHoursKeys } from '../../../lib/compiler/template/keys/alerts/read-business-hours.ts';
import { destinationKeys, destinationTable } from '../../../lib/compiler/template/keys/alerts/read-destination.ts';
import { checkTable } from '../../../lib/compiler/template/keys/checks/read-checks.ts';
import type { KeyTable } from '../../../lib/compiler/template/keys/key-table.ts';
import { lineageKeys } from '../../../lib/compiler/template/keys/lineage/read-lineage.ts';
import {
  environmentKeys,
  lifecycleKeys,
  localKeys,
  pipelineKeys,
} from '../../../lib/compiler/template/keys/pipeline-keys.ts';
import { publishKeys } from '../../../lib/compiler/template/keys/publish/read-publish.ts';
import { deadlineKeys } from '../../../lib/compiler/template/keys/read-deadline.ts';
import { permissionKeys } from '../../../lib/compiler/template/keys/read-function-settings.ts';
import { outputKeys } from '../../../lib/compiler/template/keys/read-outputs.ts';
import { scheduleKeys } from '../../../lib/compiler/template/keys/read-schedule.ts';
import { queryKeys, sqlKeys } from '../../../lib/compiler/template/keys/read-sql.ts';
import { retryKeys } from '../../../lib/compiler/template/keys/retry-keys.ts';
import { needsKeys } from '../../../lib/compiler/template/keys/starts/read-needs.ts';
import { overlapKeys } from '../../../lib/compiler/template/keys/starts/read-overlap.ts';
import { partitionKeys } from '../../../lib/compiler/template/keys/starts/read-partition.ts';
import { handlerKeys, stepKeys } from '../../../lib/compiler/template/keys/step-keys.ts';
import { diagnosticCodes } from '../../../lib/diagnostics/diagnostic-codes.ts';

const rows = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');

const keys = (table: KeyTable): string => {
  const words = (path: readonly string[]) => `\`${path.join('.')}\``;
  return rows(
    ['key', 'meaning'],
    table.keys.map((key) => {
      const note =
        key.status === 'later'
          ? ' — NOT_YET_SUPPORTED'
          : key.status === 'no effect'
            ? ' — NO_EFFECT'
            : key.aliasOf
              ? ` → ${words(key.aliasOf)}`
              : '';
      return [`\`${key.name}\``, `${key.means}${note}`];
    }),
  );
};

/** The tables of the reference, by the name that stands in its comments, made from what the compiler itself uses. */
export const referenceTables: Readonly<Record<string, string>> = {
  pipeline: keys(pipelineKeys),
  step: keys(stepKeys),
  handler: keys(handlerKeys),
  sql: keys(sqlKeys),
  query: keys(queryKeys),
  output: keys(outputKeys),
  check: keys(checkTable),
  retry: keys(retryKeys),
  schedule: keys(scheduleKeys),
  overlap: keys(overlapKeys),
  partition: keys(partitionKeys),
  needs: keys(needsKeys),
  alerts: keys(alertKeys),
  destination: keys(destinationTable),
  'keys of destinations': rows(
    ['destination', 'key', 'meaning'],
    Object.entries(destinationKeys).flatMap(([kind, table]: [string, KeyTable]) =>
      table.keys.map((key) => [`\`${kind}\``, `\`${key.name}\``, `${key.means}${key.required ? '; required' : ''}`]),
    ),
  ),
  'business hours': keys(businessHoursKeys),
  deadline: keys(deadlineKeys),
  publish: keys(publishKeys),
  lineage: keys(lineageKeys),
  environment: keys(environmentKeys),
  lifecycle: keys(lifecycleKeys),
  local: keys(localKeys),
  permission: keys(permissionKeys),
  diagnostics: rows(
    ['code', 'severity', 'meaning'],
    Object.entries(diagnosticCodes).map(([code, row]) => [`\`${code}\``, row.severity, row.means]),
  ),
};
