import type { JsonObject } from '../../contract/json.ts';

type Part = 'run' | 'execution' | 'step';

/** The parts of a key that its record repeats, by field. */
const repeated: readonly (readonly [key: RegExp, fields: Readonly<Record<string, Part>>])[] = [
  [/\/runs\/(?<run>[^/]+)\/run\.json$/, { run_id: 'run' }],
  [/\/executions\/(?<execution>\d+)(\/end)?\.json$/, { execution: 'execution' }],
  [/\/executions\/(?<execution>\d+)\/outcomes\/(?<step>[^/]+)\.json$/, { step: 'step', execution: 'execution' }],
  [
    /\/runs\/(?<run>[^/]+)\/executions\/(?<execution>\d+)\/dead-letters\/(?<step>[^/]+)\.json$/,
    { run_id: 'run', execution: 'execution', step: 'step' },
  ],
  [/\/steps\/(?<step>[^/]+)\/progress\.json$/, { step: 'step' }],
];

/** The difference between a record and its key, for people; null if they agree. An absent field is no difference. */
export function identityFault(key: string, document: unknown): string | null {
  for (const [form, fields] of repeated) {
    const parts = form.exec(key)?.groups;
    if (!parts) continue;
    for (const [field, part] of Object.entries(fields)) {
      const value = (document as JsonObject)[field];
      if (value !== undefined && String(value) !== parts[part])
        return `its ${JSON.stringify(field)} is ${JSON.stringify(value)}, and its key says ${parts[part]}`;
    }
  }
  return null;
}
