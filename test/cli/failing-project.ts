/** Handlers that fail in all the ways that a stranger meets, each with what every view has to say about it. */

const step = (body: string, above = ''): string =>
  `import { defineStep } from 'daybreak';\n${above}\nexport const handler = defineStep(async (step) => {\n${body}\n});\n`;

interface Failing {
  /** The code of the handler, or other keys of the step. */
  readonly code: string;
  readonly keys?: string;
  /** In the user's own file: where it was thrown, or else where the handler is. */
  readonly place: RegExp;
  readonly error: string;
  readonly causes?: readonly (string | RegExp)[];
  /** A line that only the log of the attempt has. */
  readonly log?: string;
}

const folder = 'lambdas/steps/failing';

/** By step. */
export const failing: Readonly<Record<string, Failing>> = {
  helper: {
    code: step(
      `  step.log.info('about to divide', { by: 0 });\n  return { share: divide(1, 0) };`,
      `import { divide } from './lib.ts';`,
    ),
    place: /at lambdas\/steps\/failing\/lib\.ts:2:22/,
    error: 'RangeError: cannot divide by 0',
    log: 'about to divide  by=0',
  },
  at_import: {
    code: step('  return settings;', `const settings = JSON.parse('{"url": }') as object;`),
    place: /at lambdas\/steps\/failing\/at-import\.ts:2:23/,
    error: 'SyntaxError: Unexpected token',
    log: 'at JSON.parse',
  },
  not_awaited: {
    code: step(
      `  void save();\n  await new Promise((resolve) => setTimeout(resolve, 1_000));`,
      `const save = async (): Promise<void> => {\n  await null;\n  throw new Error('the audit log refused the line');\n};`,
    ),
    place: /at lambdas\/steps\/failing\/not-awaited\.ts:4:9/,
    error: 'Error: the audit log refused the line',
    log: 'at save',
  },
  text: {
    code: step(`  throw 'no rows today';`),
    place: /in lambdas\/steps\/failing\/text\.ts:3:14/,
    error: 'Error: no rows today',
  },
  nothing: {
    code: step('  throw undefined;'),
    place: /in lambdas\/steps\/failing\/nothing\.ts:3:14/,
    error: 'Error: undefined was thrown, and no error',
  },
  chain: {
    code: step(
      `  const { createServer } = await import('node:net');
  const server = createServer();
  const port = await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
  await new Promise((resolve) => server.close(resolve));
  try {
    await fetch(\`http://127.0.0.1:\${port}/orders\`);
  } catch (error) {
    throw new Error('the CRM did not answer', { cause: error });
  }`,
    ),
    place: /at lambdas\/steps\/failing\/chain\.ts:11:11/,
    error: 'Error: the CRM did not answer',
    causes: ['caused by TypeError: fetch failed', /caused by Error: connect ECONNREFUSED 127\.0\.0\.1:\d+/],
  },
  aggregate: {
    code: step(
      `  await Promise.any([Promise.reject(new Error('north is down')), Promise.reject(new Error('south is down'))]);`,
    ),
    place: /in lambdas\/steps\/failing\/aggregate\.ts:3:14/,
    error: 'AggregateError: All promises were rejected',
    causes: ['caused by Error: north is down', 'caused by Error: south is down'],
  },
  memory: {
    code: step(
      `  console.log('reading everything');\n  const all: string[][] = [];\n  for (;;) all.push(Array.from({ length: 10_000 }, (_, i) => \`row \${i} \${Math.random()}\`));`,
    ),
    keys: 'memory_mb: 128',
    place: /in lambdas\/steps\/failing\/memory\.ts:3:14/,
    error: 'Runtime.ExitError',
    causes: [/memory_mb/],
    log: 'reading everything',
  },
  slow: {
    code: step(
      `  console.log('waiting for the source');\n  await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    ),
    keys: 'timeout: 2s',
    place: /in lambdas\/steps\/failing\/slow\.ts:3:14/,
    error: 'Sandbox.Timedout: Task timed out after 2.00 seconds',
    log: 'waiting for the source',
  },
  blocked: {
    code: step(`  console.log('computing');\n  for (;;) Math.random();`),
    keys: 'timeout: 2s',
    place: /in lambdas\/steps\/failing\/blocked\.ts:3:14/,
    error: 'Sandbox.Timedout: Task timed out after 2.00 seconds',
    log: 'computing',
  },
  exits: {
    code: step(`  console.log('giving up');\n  process.exit(3);`),
    place: /at lambdas\/steps\/failing\/exits\.ts:5:11/,
    error: 'Runtime.ExitError: Runtime exited with error: exit status 3',
    log: 'giving up',
  },
  unserialisable: {
    code: step('  return { count: 10n } as never;'),
    place: /in lambdas\/steps\/failing\/unserialisable\.ts:3:14/,
    error: 'ValidationError: the result is not JSON - /count: the bigint 10n is not JSON',
  },
  wrong_result: {
    code: step(`  return { rows: 'many' };`),
    keys: 'result_schema: { type: object, required: [rows], properties: { rows: { type: integer } } }',
    place: /in lambdas\/steps\/failing\/wrong-result\.ts:3:14/,
    error: 'does not fit its result_schema - /rows: "many" must be integer',
  },
  overflow: {
    code: step('  return { depth: depth(0) };', 'const depth = (n: number): number => depth(n + 1) + 1;'),
    place: /at lambdas\/steps\/failing\/overflow\.ts:2:\d+/,
    error: 'RangeError: Maximum call stack size exceeded',
    log: 'at depth',
  },
};

const file = (name: string): string => `${folder}/${name.replaceAll('_', '-')}.ts`;

const rows = Object.entries(failing).map(
  ([name, { keys }]) => `  - { name: ${name}, handler: { callable: ${name} }${keys ? `, ${keys}` : ''} }`,
);

/** The project with all of them, an SQL step whose query fails, and four pipelines that fail before they run. */
export const failingProject: Readonly<Record<string, string>> = {
  'pipelines/failing.yaml': `name: failing
version: 1.0.0
defaults: { retry: { max_attempts: 1 } }
steps:
${rows.join('\n')}
  - { name: source, handler: { callable: source } }
  - name: query
    sql: { file: failing/query.sql }
    dependencies: [source]
`,
  'pipelines/failing/query.sql': 'SELECT\n  CAST(name AS INTEGER) AS n\nFROM "source"."names"\n',
  [`${folder}/lib.ts`]: `export function divide(a: number, b: number): number {\n  if (b === 0) throw new RangeError('cannot divide by 0');\n  return a / b;\n}\n`,
  [`${folder}/source.ts`]: step(`  await step.write('names', [{ name: 'anna' }], { columns: { name: 'VARCHAR' } });`),
  ...Object.fromEntries(Object.entries(failing).map(([name, { code }]) => [file(name), code])),
  ...broken('syntax', step('  return { a: ;')),
  ...broken('package', `import pad from 'left-pad-of-nobody';\n${step("  return { a: pad('1', 2) };")}`),
  ...broken('export', 'export const handle = 1;\n'),
  ...broken('value', 'export const handler = 42;\n'),
};

function broken(name: string, code: string): Record<string, string> {
  return {
    [`pipelines/broken_${name}.yaml`]: `name: broken_${name}\nversion: 1.0.0\nsteps:\n  - { name: go, handler: { callable: go } }\n`,
    [`lambdas/steps/broken_${name}/go.ts`]: code,
  };
}
