import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, spawnCli } from './cli.ts';
import { folderWith, remove } from './project.ts';

/** A secret with characters that URLs, JSON and shells escape. */
const secret = 'Pl4nted/"s3cr€t"+&q';
const password = 'db-p4ss/w0rd';

/** Each step fails in one way and holds the secret in one form. */
const failures: Readonly<Record<string, string>> = {
  message: 'throw new Error(`cannot log in with ${secret}`);',
  permanent: 'throw new PermanentError(`wrong token ${secret}`);',
  retryable: 'throw new RetryableError(`busy, ${secret}`);',
  invalid: 'throw new ValidationError("wrong rows", [`row 1: ${secret}`]);',
  cause: 'throw new Error("outer", { cause: new Error("inner", { cause: new Error(secret) }) });',
  several: 'throw new AggregateError([new Error(secret), new Error("b")], "both");',
  text: 'throw `just ${secret}`;',
  object: 'throw { reason: { deep: secret } };',
  name: 'throw Object.assign(new Error("x"), { name: secret });',
  stack: 'const error = new Error("x"); error.stack = `x\\n    at ${secret} (file.ts:1:1)`; throw error;',
  base64: 'throw new Error(Buffer.from(secret).toString("base64"));',
  basic: 'throw new Error(`Basic ${Buffer.from(`user:${secret}`).toString("base64")}`);',
  hex: 'throw new Error(Buffer.from(secret).toString("hex"));',
  url: 'await fetch(`http://127.0.0.1:1/?token=${encodeURIComponent(secret)}`).catch((e) => { throw new Error(`GET ?token=${new URLSearchParams([["t", secret]])}`, { cause: e }); });',
  json: 'throw new Error(JSON.stringify({ body: JSON.stringify({ secret }) }));',
  file: 'await (await import("node:fs/promises")).readFile(`/nowhere/${secret}`);',
  promise: 'void Promise.reject(new Error(secret)); await new Promise((done) => setTimeout(done, 50)); return {};',
  late: 'setTimeout(() => Promise.reject(new Error(secret)), 20); return {};',
  timer: 'setTimeout(() => { throw new Error(secret); }); await new Promise((done) => setTimeout(done, 5000));',
  exit: 'process.stderr.write(`bye ${secret}\\n`, () => process.exit(7)); await new Promise(() => undefined);',
  program:
    '(await import("node:child_process")).execFileSync("/bin/sh", ["-c", "echo $0; exit 3", secret], { stdio: ["ignore", "inherit", "inherit"] });',
  printing:
    'console.log("value %s", secret); console.error({ secret }); console.log(Buffer.from(secret)); process.stdout.write(secret + "\\n"); step.log.info(secret, { secret }); await step.progress(1, 2, secret); console.log(process.env.DATABASE_URL); throw new Error(`login failed: ${process.env.DATABASE_URL}`);',
};

const handler = `import { defineStep, PermanentError, RetryableError, ValidationError } from 'daybreak';
const ways: Record<string, (step: any, secret: string) => Promise<unknown>> = {
${Object.entries(failures)
  .map(([name, body]) => `  ${name}: async (step, secret) => { ${body} },`)
  .join('\n')}
};
export const handler = defineStep(async (step) => (ways[step.name] as any)(step, await step.secret('token')));
`;

const template = `name: leaks
version: 1.0.0
defaults: { retry: { max_attempts: 1 } }
steps:
${Object.keys(failures)
  .map((name) => `  - { name: ${name}, handler: { callable: leak }, secrets: { token: ssm:/token } }`)
  .join('\n')}
`;

const files = { 'pipelines/leaks.yaml': template, 'lambdas/steps/leaks/leak.ts': handler };

const percent = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

/** Written out here, so that the test does not rely on the redactor's own list. */
const forms = [secret, password].flatMap((text) => [
  text,
  JSON.stringify(text).slice(1, -1),
  encodeURIComponent(text),
  new URLSearchParams([['t', text]]).toString().slice(2),
  percent(text),
  Buffer.from(text).toString('base64'),
  Buffer.from(`user:${text}`).toString('base64'),
  Buffer.from(text).toString('hex'),
  Buffer.from(text)
    .toString('hex')
    .replace(/..(?=.)/g, '$& '),
]);

function textsBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'latin1')}`);
}

describe('after 22 kinds of failure', () => {
  let root: string;
  let run: Ran;
  let letters: Ran;
  const env = {
    DAYBREAK_SECRET_TOKEN: secret,
    DATABASE_URL: `postgres://app:${encodeURIComponent(password)}@127.0.0.1:1/crm`,
  };

  beforeAll(async () => {
    root = await folderWith(files);
    run = await spawnCli(['run', 'leaks', '--json'], { cwd: root, env }).exited;
    letters = await spawnCli(['dlq', 'list', 'leaks', '--json'], { cwd: root, env }).exited;
  }, 240_000);

  afterAll(() => remove(root));

  test('every step has failed, each with its letter and its log', () => {
    expect(run.code).toBe(1);
    const { steps } = run.json() as unknown as { steps: Record<string, { outcome: string }> };
    expect(Object.keys(failures).filter((name) => steps[name]?.outcome !== 'failed')).toEqual([]);
    const { dead_letters } = letters.json() as unknown as { dead_letters: { logs: object | null }[] };
    expect(dead_letters).toHaveLength(Object.keys(failures).length);
    const logs = textsBelow(join(root, '.daybreak/store/.store/logs')).filter((text) => text.includes('[secret]'));
    expect(logs.map((text) => text.slice(0, text.indexOf('.'))).sort()).toEqual(Object.keys(failures).sort());
  });

  test('the planted secrets appear nowhere, in any form', () => {
    const written = [run.stdout, run.stderr, letters.stdout, ...textsBelow(join(root, '.daybreak/store'))];
    expect(written.length).toBeGreaterThan(60);
    // The files are read as latin1, so the search also looks for each form in latin1.
    const found = forms.filter((form) =>
      written.some((text) => text.includes(form) || text.includes(Buffer.from(form).toString('latin1'))),
    );
    expect(found).toEqual([]);
  });

  test('a view of a failure has the position in the code and the chain of causes', () => {
    const { steps } = run.json() as unknown as { steps: Record<string, { failure: object }> };
    expect(steps.cause?.failure).toMatchObject({
      cause: 'outer',
      thrown_at: expect.stringMatching(/^lambdas\/steps\/leaks\/leak\.ts:\d+:\d+$/),
      caused_by: ['Error: inner', 'Error: [secret]'],
    });
  });
});
