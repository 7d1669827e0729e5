/** The kinds of JSON records below a pipeline's folder: which key has which, and what each must have, so that a reader may trust its fields. */
import { isObject } from '../json.ts';
import { subscribersPrefix } from '../object-keys.ts';

type Field = 'text' | 'number' | 'flag' | 'object' | 'list' | readonly string[];

export interface RecordKind {
  readonly name: string;
  /** Of the key, from the end of the pipeline's name. */
  readonly key: RegExp;
  /** Fields that must be there. A name with `?` may be null. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Nothing is lost when it is replaced: advisory, or made again by later work. */
  readonly replaceable?: true;
}

const execution = '^/runs/[^/]+/executions/([1-9]\\d{0,8})';
const step = '^/runs/[^/]+/steps/([^/]+)';

/** One row per kind of record; its file in `lib/contract/records` has all of its fields. */
const recordKinds: readonly RecordKind[] = [
  { name: 'run', key: /^\/runs\/[^/]+\/run\.json$/, fields: { run_id: 'text', created_at: 'text', input: 'object' } },
  {
    name: 'execution',
    key: new RegExp(`${execution}\\.json$`),
    fields: {
      execution: 'number',
      execution_arn: 'text',
      redrive_count: 'number',
      started_at: 'text',
      version: 'text',
      input: 'object',
    },
  },
  {
    name: 'end',
    key: new RegExp(`${execution}/end\\.json$`),
    fields: { execution: 'number', status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'], ended_at: 'text' },
  },
  {
    name: 'lineage events',
    key: new RegExp(`${execution}/lineage\\.json$`),
    fields: { format: 'number', events: 'list' },
    replaceable: true,
  },
  { name: 'next', key: new RegExp(`${execution}/next\\.json$`), fields: { vouched: 'list', 'taken_by?': 'text' } },
  {
    name: 'outcome',
    key: new RegExp(`${execution}/outcomes/([^/]+)\\.json$`),
    fields: { step: 'text', outcome: ['succeeded', 'reused', 'failed', 'blocked', 'skipped'] },
  },
  {
    name: 'dead letter',
    key: new RegExp(`${execution}/dead-letters/([^/]+)\\.json$`),
    fields: { id: 'text', run_id: 'text', execution: 'number', step: 'text', failure: 'object', failed_at: 'text' },
  },
  {
    name: 'dismissal',
    key: new RegExp(`${execution}/dismissals/([^/]+)\\.json$`),
    fields: { reason: 'text', dismissed_at: 'text' },
  },
  {
    name: 'mark of a sent letter',
    key: new RegExp(`${execution}/sent/([^/]+)\\.json$`),
    fields: { id: 'text', sent_at: 'text' },
  },
  {
    name: 'wait',
    key: new RegExp(`${execution}/waits/([^/]+)\\.json$`),
    fields: { token: 'text', rank: 'list' },
    replaceable: true,
  },
  {
    name: 'attempts',
    key: new RegExp(`${execution}/attempts/([^/]+)\\.json$`),
    fields: { step_errors: 'number', rested: 'number', time_outs: 'number', platform: 'number', 'counted?': 'object' },
    replaceable: true,
  },
  {
    name: 'progress',
    key: new RegExp(`${step}/progress\\.json$`),
    fields: { step: 'text', execution: 'number', attempt: 'number', updated_at: 'text' },
    replaceable: true,
  },
  {
    name: 'checkpoint',
    key: new RegExp(`${step}/checkpoint\\.json$`),
    fields: { fingerprint: 'text', rank: 'list', attempt: 'number', datasets: 'object', files: 'object' },
    replaceable: true,
  },
  {
    name: 'profile',
    key: new RegExp(`${step}/profiles/[^/]+/[^/]+\\.json$`),
    fields: { format: 'number', rows: 'number', content_digest: 'text', columns: 'object' },
    replaceable: true,
  },
  {
    name: 'history of profiles',
    key: /^\/profiles\/[^/]+\.json$/,
    fields: { format: 'number', points: 'list' },
    replaceable: true,
  },
  {
    name: 'watermark of a run',
    key: new RegExp(`${step}/watermarks/([^/]+)\\.json$`),
    fields: { name: 'text', read_at: 'text', execution: 'number' },
  },
  { name: 'mark of an effect', key: new RegExp(`${step}/once/([^/]+)\\.json$`), fields: {} },
  { name: 'mark of a load', key: new RegExp(`${step}/loads/([^/]+)\\.json$`), fields: {} },
  { name: 'alerts', key: /^\/alerts\/state\.json$/, fields: { pipeline: 'text', told: 'object', 'claim?': 'object' } },
  {
    name: 'incidents',
    key: /^\/incidents\/state\.json$/,
    fields: { pipeline: 'text', last: 'number', successes: 'list', incidents: 'list' },
    replaceable: true,
  },
  {
    name: 'deadlines',
    key: /^\/deadlines\.json$/,
    fields: { pipeline: 'text', schedule: 'text', since: 'text', deadlines: 'list' },
    replaceable: true,
  },
  { name: 'history', key: /^\/history\.json$/, fields: { runs: 'list' }, replaceable: true },
  {
    name: 'mark of a subscriber',
    key: /^\/subscribers\/[^/]+\/[^/]+\.json$/,
    fields: { event: 'text', state: ['begun', 'handled', 'failed'], at: 'text' },
    replaceable: true,
  },
  {
    name: 'removal',
    key: /^\/removals\/[^/]+\.json$/,
    fields: { run_id: 'text', began_at: 'text', decided: 'flag', 'done_at?': 'text' },
    replaceable: true,
  },
  {
    name: 'pointer of published versions',
    key: /^\/published\/current\.json$/,
    fields: {
      format: 'number',
      pipeline: 'text',
      greatest: 'number',
      partitions: 'list',
      withdrawn: 'list',
      retired: 'list',
      changes: 'list',
    },
  },
  {
    name: 'published version',
    key: /^\/published\/versions\/[1-9]\d*\.json$/,
    fields: { format: 'number', version: 'number', partition: 'text', run_id: 'text', datasets: 'list', seal: 'text' },
  },
  {
    name: 'changes of published versions',
    key: /^\/published\/changes\/\d+\.json$/,
    fields: { changes: 'list' },
  },
  {
    name: 'backfill',
    key: /^\/backfills\/[^/]+\.json$/,
    fields: { id: 'text', began_at: 'text', 'ended_at?': 'text', items: 'list' },
  },
  {
    name: 'ledger of partitions',
    key: /^\/partitions\/[^/]+\.json$/,
    fields: { partitions: 'object', codes: 'object' },
    replaceable: true,
  },
  { name: 'lease', key: /^\/leases\/[^/]+\.json$/, fields: { fence: 'number', 'holder?': 'object' } },
];

/** The kind of the record under a key; undefined for other objects: data, manifests (which have a seal), the index. */
export function recordKindOf(key: string): RecordKind | undefined {
  const path = key.startsWith(subscribersPrefix) ? `/${key}` : key.slice(key.indexOf('/'));
  return recordKinds.find((kind) => kind.key.test(path));
}

/** The fault of a document under a key, for people; null when its form is right or the key is not that of a record. */
export function shapeFault(key: string, document: unknown): string | null {
  const kind = recordKindOf(key);
  if (!kind) return null;
  if (!isObject(document)) return 'it is not an object';
  for (const [named, field] of Object.entries(kind.fields)) {
    const name = named.replace('?', '');
    const value = Object.hasOwn(document, name) ? document[name] : undefined;
    if (value === null && named.endsWith('?')) continue;
    if (!fits(value, field))
      return `${JSON.stringify(name)} ${value === undefined ? 'is missing' : 'has a wrong form'}`;
  }
  return null;
}

function fits(value: unknown, field: Field): boolean {
  if (field === 'text') return typeof value === 'string';
  if (field === 'flag') return typeof value === 'boolean';
  if (field === 'number') return typeof value === 'number';
  if (field === 'list') return Array.isArray(value);
  if (field === 'object') return isObject(value);
  return typeof value === 'string' && field.includes(value);
}
