import { describe, expect, test } from 'vitest';
import type { Key, KeyTable } from '../../../lib/compiler/template/keys/key-table.ts';
import {
  environmentKeys,
  lifecycleKeys,
  localKeys,
  pipelineKeys,
} from '../../../lib/compiler/template/keys/pipeline-keys.ts';
import { permissionKeys } from '../../../lib/compiler/template/keys/read-function-settings.ts';
import { outputKeys } from '../../../lib/compiler/template/keys/read-outputs.ts';
import { scheduleKeys } from '../../../lib/compiler/template/keys/read-schedule.ts';
import { queryKeys, sqlKeys } from '../../../lib/compiler/template/keys/read-sql.ts';
import { retryKeys } from '../../../lib/compiler/template/keys/retry-keys.ts';
import { needsKeys } from '../../../lib/compiler/template/keys/starts/read-needs.ts';
import { overlapKeys } from '../../../lib/compiler/template/keys/starts/read-overlap.ts';
import { partitionKeys } from '../../../lib/compiler/template/keys/starts/read-partition.ts';
import { handlerKeys, stepKeys } from '../../../lib/compiler/template/keys/step-keys.ts';
import type { StepTemplate, Template } from '../../../lib/compiler/template/template.ts';
import { sized } from '../../support/sized.ts';
import { parse, parseGood } from './parse.ts';

/** Each table with a template around one of its keys: the key has its own line. */
const places: readonly [name: string, table: KeyTable, around: (lines: string) => string][] = [
  ['pipeline', pipelineKeys, (x) => `name: p\nsteps: [{ name: a, handler: a }]\n${x}\n`],
  ['step', stepKeys, (x) => `name: p\nsteps:\n  - name: a\n    handler: a\n${indent(x, 4)}\n`],
  ['handler', handlerKeys, (x) => `name: p\nsteps:\n  - name: a\n    handler:\n      callable: a\n${indent(x, 6)}\n`],
  [
    'retry',
    retryKeys,
    (x) => `name: p\nsteps:\n  - name: a\n    handler: a\n    retry:\n      retryable: true\n${indent(x, 6)}\n`,
  ],
  [
    'output',
    outputKeys,
    (x) => `name: p\nsteps:\n  - name: a\n    handler: a\n    outputs:\n      d:\n${indent(x, 8)}\n`,
  ],
  ['lifecycle', lifecycleKeys, (x) => `name: p\nsteps: [{ name: a, handler: a }]\nlifecycle:\n${indent(x, 2)}\n`],
  ['local', localKeys, (x) => `name: p\nsteps: [{ name: a, handler: a }]\nlocal:\n${indent(x, 2)}\n`],
  ['needs', needsKeys, (x) => `name: p\nsteps:\n  - name: a\n    handler: a\n    needs:\n${indent(x, 6)}\n`],
  [
    'partition',
    partitionKeys,
    (x) => `name: p\nsteps: [{ name: a, handler: a }]\npartition:\n  by: day\n${indent(x, 2)}\n`,
  ],
  ['overlap', overlapKeys, (x) => `name: p\nsteps: [{ name: a, handler: a }]\noverlap:\n${indent(x, 2)}\n`],
  ['schedule', scheduleKeys, (x) => `name: p\nsteps: [{ name: a, handler: a }]\nschedule:\n${indent(x, 2)}\n`],
  [
    'environment',
    environmentKeys,
    (x) => `name: p\nsteps: [{ name: a, handler: a }]\nenvironments:\n  prod:\n${indent(x, 4)}\n`,
  ],
];

const indent = (text: string, by: number): string => text.replace(/^/gm, ' '.repeat(by));

const refused = places.flatMap(([name, table, around]) =>
  table.keys
    .filter((key) => key.status !== undefined)
    .map((key): [string, Key, typeof around] => [`${name}.${key.name}`, key, around]),
);

describe('a key that has no meaning or does not exist yet', () => {
  test.each(refused)('%s is reported where it stands', (_, key, around) => {
    const text = around(`${key.name}: something`);
    const { found } = parse(text);
    const line = text.split('\n').findIndex((l) => l.trim() === `${key.name}: something`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      code: key.status === 'later' ? 'NOT_YET_SUPPORTED' : 'NO_EFFECT',
      severity: key.status === 'later' ? 'error' : 'warning',
      span: { line: line + 1, column: (text.split('\n')[line] ?? '').search(/\S/) + 1 },
    });
    expect(found[0]?.message).toContain(`"${key.name}"`);
  });

  test.each(refused)('%s is absent when its value is empty', (_, key, around) => {
    for (const empty of ['', '[]', '{}', 'null', '~']) expect(parse(around(`${key.name}: ${empty}`)).codes).toEqual([]);
  });
});

const step = (pick: (s: StepTemplate) => unknown) => (t: Template) => pick(t.steps[0] as StepTemplate);
const dependencies = (t: Template) => t.steps.find((s) => s.name === 'z')?.dependencies;
const two = (key: string) => `steps: [{ name: a, handler: a }, { name: z, handler: z, ${key} }]`;
const one = (key: string) => `steps: [{ name: a, handler: a, ${key} }]`;
const retry = (key: string) => one(`retry: { ${key} }`);
const bare = (key: string) => `steps: [{ name: a, ${key} }]`;
const top = (key: string) => `steps: [{ name: a, handler: a }]\n${key}`;

/** The effect of each implemented key: the key, a template, the value to pick from the result, and the expected value. */
const effects: readonly [key: string, text: string, pick: (t: Template) => unknown, value: unknown][] = [
  ['pipeline.name', top(''), (t) => t.name, 'p'],
  ['pipeline.namespace_name', top('namespace_name: data.team'), (t) => t.namespace, 'data.team'],
  ['pipeline.namespace', top('namespace: data_team'), (t) => t.namespace, 'data_team'],
  ['pipeline.version', top('version: 1.10'), (t) => t.version, '1.10'],
  ['pipeline.description', top('description: 42'), (t) => t.description, '42'],
  ['pipeline.metadata', top('metadata: { a: [1, x, null] }'), (t) => t.metadata, { a: [1, 'x', null] }],
  ['pipeline.input_schema', top('input_schema: { type: object }'), (t) => t.inputSchema, { type: 'object' }],
  ['pipeline.schema', top('schema: { type: object }'), (t) => t.inputSchema, { type: 'object' }],
  ['pipeline.steps', top(''), (t) => t.steps.map((s) => s.name), ['a']],
  ['pipeline.step_templates', 'step_templates: [{ name: b, handler: b }]', (t) => t.steps.map((s) => s.name), ['b']],
  ['pipeline.overlap', top('overlap: allow'), (t) => t.overlap, { policy: 'allow', key: null }],
  [
    'pipeline.partition',
    top('partition: { by: day }'),
    (t) => t.partition,
    { by: 'day', key: 'partition', timezone: null, start: null },
  ],
  ['partition.by', top('partition: { by: week }'), (t) => t.partition?.by, 'week'],
  ['partition.key', top('partition: { by: day, key: day }'), (t) => t.partition?.key, 'day'],
  [
    'partition.timezone',
    top('partition: { by: day, timezone: Asia/Tokyo }'),
    (t) => t.partition?.timezone,
    'Asia/Tokyo',
  ],
  ['partition.start', top('partition: { by: day, start: 2026-01-01 }'), (t) => t.partition?.start, '2026-01-01'],
  ['overlap.policy', top('overlap: { policy: queue }'), (t) => t.overlap?.policy, 'queue'],
  ['overlap.key', top('overlap: { key: region }'), (t) => t.overlap?.key, 'region'],
  ['pipeline.defaults', top('defaults: { memory_mb: 256 }'), step((s) => s.memoryMb), 256],
  [
    'pipeline.environments',
    top('environments: { e: { steps: [{ name: a, memory_mb: 512 }] } }'),
    step((s) => s.memoryMb),
    512,
  ],
  [
    'environment.steps',
    top('environments: { e: { steps: [{ name: ALL, memory_mb: 512 }] } }'),
    step((s) => s.memoryMb),
    512,
  ],
  [
    'environment.step_templates',
    top('environments: { e: { step_templates: { a: { memory_mb: 512 } } } }'),
    step((s) => s.memoryMb),
    512,
  ],
  [
    'environment.step_overrides',
    top('environments: { e: { step_overrides: { a: { memory_mb: 512 } } } }'),
    step((s) => s.memoryMb),
    512,
  ],
  [
    'pipeline.schedule',
    top('schedule: { rate: 2 hours }'),
    (t) => t.schedule,
    { expression: 'rate(2 hours)', times: null, timezone: null, enabled: null, input: {} },
  ],
  ['schedule.cron', top('schedule: { cron: "0 1 * * *" }'), (t) => t.schedule?.expression, 'cron(0 1 * * ? *)'],
  ['schedule.rate', top('schedule: { rate: 1 days }'), (t) => t.schedule?.expression, 'rate(1 day)'],
  [
    'schedule.timezone',
    top('schedule: { rate: 1 day, timezone: Europe/Berlin }'),
    (t) => t.schedule?.timezone,
    'Europe/Berlin',
  ],
  ['schedule.enabled', top('schedule: { rate: 1 day, enabled: false }'), (t) => t.schedule?.enabled, false],
  [
    'schedule.input',
    top('schedule: { rate: 1 day, input: { d: "{% scheduled_time %}" } }'),
    (t) => t.schedule?.input,
    { d: '{% scheduled_time %}' },
  ],
  ['pipeline.lifecycle', top('lifecycle: { max_duration_minutes: 30 }'), (t) => t.maxDurationMinutes, 30],
  [
    'lifecycle.max_duration_minutes',
    top('lifecycle: { max_duration_minutes: 525600 }'),
    (t) => t.maxDurationMinutes,
    525_600,
  ],
  ['pipeline.functions', top('functions: separate'), (t) => t.functions, 'separate'],
  ['pipeline.alerts', top('alerts: { high: { teams: ssm:/t } }'), (t) => t.alerts?.routes.high?.length, 1],
  ['pipeline.local', top('local: { setup: ./lib/x.ts }'), (t) => t.localSetup, 'lib/x.ts'],
  ['local.setup', top('local: { setup: lib/y.ts }'), (t) => t.localSetup, 'lib/y.ts'],
  ['step.name', 'steps: [{ name: a-b_C1, handler: a }]', step((s) => s.name), 'a-b_C1'],
  ['step.description', one('description: reads'), step((s) => s.description), 'reads'],
  ['step.handler', bare('handler: extract'), step((s) => s.handler.entry), 'lambdas/steps/p/extract.ts'],
  ['step.handler_class', bare('handler_class: "A::BHandler"'), step((s) => s.handler.entry), 'lambdas/steps/p/b.ts'],
  [
    'step.handler_config',
    bare('handler_class: b, handler_config: { k: 1 }'),
    step((s) => s.handler.initialization),
    { k: 1 },
  ],
  [
    'handler.callable',
    bare('handler: { callable: x.y.LoadHandler }'),
    step((s) => s.handler.callable),
    'x.y.LoadHandler',
  ],
  ['handler.method', bare('handler: { callable: b, method: go }'), step((s) => s.handler.export), 'go'],
  [
    'handler.initialization',
    bare('handler: { callable: b, initialization: { n: 1.5 } }'),
    step((s) => s.handler.initialization),
    { n: 1.5 },
  ],
  ['step.dependencies', two('dependencies: [a]'), dependencies, ['a']],
  ['step.depends_on', two('depends_on: a'), dependencies, ['a']],
  ['step.depends_on_step', two('depends_on_step: a'), dependencies, ['a']],
  ['step.depends_on_steps', two('depends_on_steps: [a]'), dependencies, ['a']],
  ['step.trigger_rule', one('trigger_rule: all_done'), step((s) => s.triggerRule), 'all_done'],
  ['step.optional', one('optional: true'), step((s) => s.optional), true],
  [
    'step.retry',
    retry('max_attempts: 7'),
    step((s) => s.retry),
    {
      retryable: null,
      maxAttempts: 7,
      platformAttempts: null,
      timeoutAttempts: null,
      backoff: null,
      initialDelayMs: null,
      maxDelayMs: null,
      jitter: null,
    },
  ],
  ['step.retryable', one('retryable: false'), step((s) => s.retry.retryable), false],
  ['step.default_retryable', one('default_retryable: false'), step((s) => s.retry.retryable), false],
  ['step.default_retry_limit', one('default_retry_limit: 5'), step((s) => s.retry.maxAttempts), 5],
  ['step.retry_limit', one('retry_limit: 6'), step((s) => s.retry.maxAttempts), 6],
  ['step.retry_backoff', one('retry_backoff: none'), step((s) => s.retry.backoff), 'none'],
  ['retry.retryable', retry('retryable: false'), step((s) => s.retry.retryable), false],
  ['retry.max_attempts', retry('max_attempts: 100'), step((s) => s.retry.maxAttempts), 100],
  ['retry.limit', retry('limit: 4'), step((s) => s.retry.maxAttempts), 4],
  ['retry.platform_attempts', retry('platform_attempts: 9'), step((s) => s.retry.platformAttempts), 9],
  ['retry.timeout_attempts', retry('timeout_attempts: 1'), step((s) => s.retry.timeoutAttempts), 1],
  ['retry.backoff', retry('backoff: exponential'), step((s) => s.retry.backoff), 'exponential'],
  ['retry.initial_delay', retry('initial_delay: 2m'), step((s) => s.retry.initialDelayMs), 120_000],
  ['retry.initial_delay_seconds', retry('initial_delay_seconds: 3'), step((s) => s.retry.initialDelayMs), 3000],
  ['retry.initial_delay_ms', retry('initial_delay_ms: 4000'), step((s) => s.retry.initialDelayMs), 4000],
  ['retry.initial_delay_minutes', retry('initial_delay_minutes: 1.5'), step((s) => s.retry.initialDelayMs), 90_000],
  ['retry.backoff_base_ms', retry('backoff_base_ms: 2000'), step((s) => s.retry.initialDelayMs), 2000],
  ['retry.max_delay', retry('max_delay: 45'), step((s) => s.retry.maxDelayMs), 45_000],
  ['retry.max_delay_seconds', retry('max_delay_seconds: 45'), step((s) => s.retry.maxDelayMs), 45_000],
  ['retry.max_delay_ms', retry('max_delay_ms: 45000'), step((s) => s.retry.maxDelayMs), 45_000],
  ['retry.max_delay_minutes', retry('max_delay_minutes: 2'), step((s) => s.retry.maxDelayMs), 120_000],
  ['retry.max_backoff_ms', retry('max_backoff_ms: 30000'), step((s) => s.retry.maxDelayMs), 30_000],
  ['retry.jitter', retry('jitter: none'), step((s) => s.retry.jitter), 'none'],
  ['step.timeout', one('timeout: 14m30s'), step((s) => s.timeoutMs), 870_000],
  ['step.timeout_seconds', one('timeout_seconds: 90'), step((s) => s.timeoutMs), 90_000],
  ['step.timeout_ms', one('timeout_ms: 7000'), step((s) => s.timeoutMs), 7000],
  ['step.timeout_minutes', one('timeout_minutes: 15'), step((s) => s.timeoutMs), 900_000],
  ['step.memory_mb', one('memory_mb: 10240'), step((s) => s.memoryMb), 10_240],
  ['step.ephemeral_storage_mb', one('ephemeral_storage_mb: 512'), step((s) => s.ephemeralStorageMb), 512],
  [
    'step.outputs',
    one('outputs: { d: , e: {} }'),
    step((s) => s.outputs),
    { d: { schema: null, checks: [], profile: null }, e: { schema: null, checks: [], profile: null } },
  ],
  [
    'output.schema',
    one('outputs: { d: { schema: { n: bigint, t: "struct(a decimal(4, 2))[]" } } }'),
    step((s) => s.outputs?.d?.schema),
    { n: 'BIGINT', t: 'STRUCT(a DECIMAL(4,2))[]' },
  ],
  [
    'output.profile',
    one('outputs: { d: { profile: { top_values: false } } }'),
    step((s) => s.outputs?.d?.profile),
    { on: true, topValues: false },
  ],
  ['pipeline.profile', top('profile: false'), (t) => t.profile, { on: false, topValues: true }],
  [
    'output.checks',
    one('outputs: { d: { checks: [{ unique: id }] } }'),
    step((s) => s.outputs?.d?.checks),
    [{ kind: 'unique', columns: ['id'], name: 'unique(id)', on_violation: 'block', index: 0 }],
  ],
  [
    'output.on_violation',
    one('outputs: { d: { on_violation: warn, checks: [{ unique: id }] } }'),
    step((s) => s.outputs?.d?.checks[0]?.on_violation),
    'warn',
  ],
  ['step.sql', bare('sql: { query: SELECT 1 AS n }'), step((s) => s.sql?.form), 'one'],
  ['sql.file', bare('sql: { file: ./x/../d.sql }'), step((s) => s.sql?.datasets[0]?.file), 'd.sql'],
  ['sql.query', bare('sql: { query: SELECT 1 AS n }'), step((s) => s.sql?.datasets[0]?.query), 'SELECT 1 AS n'],
  [
    'sql.datasets',
    bare('sql: { datasets: { d: { file: d.sql }, c: { file: c.sql } } }'),
    step((s) => s.sql?.datasets.map(({ name }) => name)),
    ['d', 'c'],
  ],
  [
    'sql.result',
    bare('sql: { datasets: { d: { file: d.sql } }, result: { file: r.sql } }'),
    step((s) => s.sql?.result?.file),
    'r.sql',
  ],
  [
    'sql.params',
    bare('sql: { file: d.sql, params: { a: 1.5, b: "{% input.b %}", c: true, d: null } }'),
    step((s) => s.sql?.params),
    { a: 1.5, b: '{% input.b %}', c: true, d: null },
  ],
  ['sql.finite', bare('sql: { file: d.sql, finite: true }'), step((s) => s.sql?.finite), true],
  ['query.file', bare('sql: { datasets: { d: { file: d.sql } } }'), step((s) => s.sql?.datasets[0]?.file), 'd.sql'],
  [
    'query.query',
    bare('sql: { datasets: { d: { query: SELECT 1 AS n } } }'),
    step((s) => s.sql?.datasets[0]?.query),
    'SELECT 1 AS n',
  ],
  [
    'step.needs',
    one('needs: { dataset: a.b, from: -6d }'),
    step((s) => s.needs),
    { step: 'a', dataset: 'b', back: 6, unit: 'day', missing: null },
  ],
  ['needs.dataset', one('needs: { dataset: x.y, from: -2w }'), step((s) => s.needs?.dataset), 'y'],
  ['needs.from', one('needs: { dataset: x.y, from: -12mo }'), step((s) => s.needs?.unit), 'month'],
  ['needs.missing', one('needs: { dataset: x.y, from: -1h, missing: skip }'), step((s) => s.needs?.missing), 'skip'],
  ['step.severity', one('severity: critical'), step((s) => s.severity), 'critical'],
  ['step.result_schema', one('result_schema: { type: object }'), step((s) => s.resultSchema), { type: 'object' }],
  [
    'step.environment',
    one('environment: { A1: 1, B1: true, C1: x }'),
    step((s) => s.environment),
    { A1: '1', B1: 'true', C1: 'x' },
  ],
  ['step.secrets', one('secrets: [crm]'), step((s) => s.secrets), { crm: { service: 'secretsmanager', id: 'crm' } }],
  [
    'step.permissions',
    one('permissions: [{ actions: s3:GetObject, resources: "arn:aws:s3:::b/*" }]'),
    step((s) => s.permissions),
    [{ effect: 'Allow', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'], conditions: null }],
  ],
  [
    'permission.effect',
    one('permissions: [{ effect: Deny, actions: s3:GetObject, resources: "*" }]'),
    step((s) => s.permissions[0]?.effect),
    'Deny',
  ],
  [
    'permission.actions',
    one('permissions: [{ actions: [s3:Get*, "sqs:SendMessage"], resources: "*" }]'),
    step((s) => s.permissions[0]?.actions),
    ['s3:Get*', 'sqs:SendMessage'],
  ],
  [
    'permission.resources',
    one('permissions: [{ actions: s3:Get*, resources: ["arn:aws:s3:::a", "arn:aws:s3:::b"] }]'),
    step((s) => s.permissions[0]?.resources),
    ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
  ],
  [
    'permission.conditions',
    one('permissions: [{ actions: s3:Get*, resources: "*", conditions: { Bool: { "aws:SecureTransport": "true" } } }]'),
    step((s) => s.permissions[0]?.conditions),
    { Bool: { 'aws:SecureTransport': 'true' } },
  ],
  [
    'pipeline.deadline',
    'deadline: { ready_by: "07:00" }\nschedule: { cron: "@daily" }\nsteps: [{ name: a, handler: a }]',
    (t) => t.deadline?.readyBy,
    420,
  ],
  [
    'pipeline.publish',
    'publish: { datasets: [a.rows] }\nsteps: [{ name: a, handler: a }]',
    (t) => t.publish,
    { datasets: [{ step: 'a', dataset: 'rows' }], keep: null, breaking: null },
  ],
  [
    'pipeline.lineage',
    'lineage: { url: "https://lineage.example.com/api/v1/lineage", api_key: ssm:/lineage/key }\nsteps: [{ name: a, handler: a }]',
    (t) => t.lineage,
    {
      namespace: 'daybreak',
      url: 'https://lineage.example.com/api/v1/lineage',
      api_key: { service: 'ssm', id: '/lineage/key' },
    },
  ],
  [
    'pipeline.expected_duration',
    'expected_duration: 40m\nsteps: [{ name: a, handler: a }]',
    (t) => t.expectedMs,
    2_400_000,
  ],
  ['step.deadline', one('deadline: { ready_by: "00:30" }'), step((s) => s.deadline?.readyBy), 30],
  ['step.expected_duration', one('expected_duration: 90s'), step((s) => s.expectedMs), 90_000],
  ['step.type', one('type: standard'), step((s) => s.name), 'a'],
  ['step.step_type', one('step_type: standard'), step((s) => s.name), 'a'],
];

describe('an implemented key', () => {
  test.each(effects)('%s changes the template as the reference says', (_, text, pick, value) => {
    const template = parseGood(`name: p\n${text}\n`, text.includes('environments:') ? 'e' : null);
    expect(pick(template)).toEqual(value);
  });

  test('has a row in this test', () => {
    const tables = [
      ...places,
      ['permission', permissionKeys] as const,
      ['sql', sqlKeys] as const,
      ['query', queryKeys] as const,
    ];
    const implemented = tables.flatMap(([name, table]) =>
      table.keys.filter((k) => k.status === undefined).map((k) => `${name}.${k.name}`),
    );
    expect([...new Set(effects.map(([key]) => key))].sort()).toEqual(implemented.sort());
  });
});

test('a value given by its name and by an alias is an error with both places', () => {
  const { found } = parse('name: p\nsteps:\n  - name: a\n    handler: a\n    timeout_seconds: 5\n    timeout: 9s\n');
  expect(found).toMatchObject([{ code: 'KEY_CONFLICT', span: { line: 5 }, related: { span: { line: 6 } } }]);
});

test('two aliases of one value are an error too, even across mappings', () => {
  const { found } = parse(
    'name: p\nsteps:\n  - name: a\n    handler: a\n    retry: { limit: 2 }\n    default_retry_limit: 3\n',
  );
  expect(found).toMatchObject([
    { code: 'KEY_CONFLICT', span: { line: 6, column: 5 }, related: { span: { line: 5, column: 14 } } },
  ]);
});

test('an unknown key is an error with the nearest known one, at every level', () => {
  const text =
    'nmae: p\nname: p\nsteps:\n  - name: a\n    handler: { callable: a, metod: x }\n    retrry: {}\n    retry: { max_atempts: 3 }\n';
  expect(parse(text).found.map((d) => [d.code, d.span.line, /did you mean "(\w+)"/.exec(d.message)?.[1]])).toEqual([
    ['UNKNOWN_KEY', 1, 'name'],
    ['UNKNOWN_KEY', 5, 'method'],
    ['UNKNOWN_KEY', 6, 'retry'],
    ['UNKNOWN_KEY', 7, 'max_attempts'],
  ]);
});

test('thousands of unknown keys give a few lines', () => {
  const keys = Array.from({ length: sized(3_000, 30_000) }, (_, index) => `    key_${index}: 1`).join('\n');
  const { found } = parse(`name: p\nsteps:\n  - name: a\n    handler: a\n${keys}\n`);
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toMatchObject({
    span: { line: 25 },
    message: expect.stringContaining(`and ${sized(3_000, 30_000) - 21} others`),
  });
});

test('the other step types of Tasker are known and not there yet', () => {
  for (const type of ['decision', 'deferred_convergence', 'batchable', 'batch_worker'])
    expect(parse(`name: p\nsteps: [{ name: a, handler: a, type: ${type} }]`).codes).toEqual(['NOT_YET_SUPPORTED 2:38']);
});

test('names have a form and a length', () => {
  const long = 'x'.repeat(60);
  expect(parse(`name: ${long}abcd\nsteps: [{ name: ${long}, handler: a }]`).codes).toEqual([]);
  expect(parse(`name: ${long}abcde\nsteps: [{ name: ${long}x, handler: a }]`).codes).toEqual([
    'BAD_NAME 1:7',
    'BAD_NAME 2:17',
  ]);
  for (const bad of ['ALL', '1a', '_a', 'a b', 'a.b', 'ä'])
    expect(parse(`name: p\nsteps: [{ name: "${bad}", handler: a }]`).codes).toEqual(['BAD_NAME 2:17']);
});
