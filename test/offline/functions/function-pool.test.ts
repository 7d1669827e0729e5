import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { TaskFailure } from '../../../lib/offline/asl/api.ts';
import { FunctionPool } from '../../../lib/offline/functions/function-pool.ts';
import { isAlive } from '../../../lib/ports/folder/is-alive.ts';
import { sampled, slowTest } from '../../support/sized.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
let pool: FunctionPool | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybreak-pool-'));
});

afterEach(async () => {
  await pool?.close();
  await rm(folder, { recursive: true });
});

/** A pool with one function `f` of this source, which may use `count`, the number of its invocations in this process. */
async function poolOf(
  body: string,
  timeoutSeconds = 5,
  memoryMb = 512,
  environment: Record<string, string> = { GREETING: 'hello' },
): Promise<FunctionPool> {
  const entry = join(folder, 'f.ts');
  await writeFile(
    entry,
    `let count = 0;\nexport const handler = async (event: any, context: any) => {\n count++;\n ${body}\n};\n`,
  );
  pool = new FunctionPool({
    functions: new Map([['f', { entry, export: 'handler', environment, timeoutSeconds, memoryMb }]]),
    logOf: (name, event) => ({ file: join(folder, 'logs', `${name}${/^\d+$/.test(String(event)) ? event : ''}.log`) }),
    redact: (text) => text.replaceAll('s3cret', '[secret]'),
    answerToken: (token) => token === 'live',
  });
  return pool;
}

const never = new AbortController().signal;
const invoke = (of: FunctionPool, event: Json = null) => of.invoke('f', event, never);

/** The error that Step Functions would match, and the message inside its cause. */
async function failureOf(work: Promise<Json>): Promise<{ error: string; message: string }> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof TaskFailure)) throw new Error(`no TaskFailure but ${String(failure)}`);
  return { error: failure.error, message: JSON.parse(failure.cause).errorMessage };
}

describe('function processes', () => {
  test('invocations one after the other use the same warm process', async () => {
    const of = await poolOf('return { count, pid: process.pid };');
    const first = (await invoke(of)) as { pid: number };
    expect(await invoke(of)).toEqual({ count: 2, pid: first.pid });
  });

  test('a function has its environment and its time left', async () => {
    const of = await poolOf(
      'return [process.env.GREETING, process.env.TZ, context.getRemainingTimeInMillis() > 4000];',
    );
    expect(await invoke(of)).toEqual(['hello', 'UTC', true]);
  });

  test('a function knows its memory, and its local files go with its process, even when it is killed', async () => {
    const scratch = join(folder, 'scratch');
    const of = await poolOf(
      `const { processScratch } = await import(${JSON.stringify(join(root, 'lib/ports/folder/process-scratch.ts'))});
       const own = await processScratch();
       await (await import('node:fs/promises')).writeFile(own + '/file', 'x');
       return [process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, own];`,
      5,
      640,
      { DAYBREAK_SCRATCH: scratch },
    );
    const [memory, own] = (await invoke(of)) as [string, string];
    expect(memory).toBe('640');
    expect(own.startsWith(`${scratch}/`)).toBe(true);
    expect(existsSync(join(own, 'file'))).toBe(true);
    await of.close();
    expect(await readdir(scratch)).toEqual([]);
  });

  test('an error goes to the machine by its name', async () => {
    const of = await poolOf(`const error = new Error('no more'); error.name = 'PermanentError'; throw error;`);
    expect(await failureOf(invoke(of))).toEqual({ error: 'PermanentError', message: 'no more' });
  });

  test('a function that runs too long is killed, even in a busy loop, and the next invocation gets a new process', async () => {
    const of = await poolOf('if (event === "slow") for (;;) {} return count;', 1);
    const failure = await failureOf(invoke(of, 'slow'));
    expect(failure.error).toBe('Sandbox.Timedout');
    expect(failure.message).toContain('Task timed out after 1.00 seconds');
    expect(await invoke(of, 'quick')).toBe(1);
  });

  test('a process that ends in the middle is a crash, and the next invocation gets a new process', async () => {
    const of = await poolOf('if (event === "crash") process.exit(3); return count;');
    expect(await failureOf(invoke(of, 'crash'))).toEqual({
      error: 'Runtime.ExitError',
      message: expect.stringContaining('exit status 3'),
    });
    expect(await invoke(of, 'fine')).toBe(1);
  });

  const greedy = [
    ['buffers', 'const kept = []; for (;;) { kept.push(Buffer.alloc(1e6, 1)); await null; }'],
    ['a busy loop', 'const kept = []; for (;;) kept.push(new Float64Array(1e5).fill(1));'],
    [
      'objects',
      'const kept = []; for (;;) { kept.push({ text: `${Math.random()}` }); if (kept.length % 1e4 === 0) await new Promise(setImmediate); }',
    ],
  ] as const;
  test.each(sampled(greedy, 3))(
    'a function that needs more memory than it has, for %s, is killed as on Lambda',
    async (_, body) => {
      const of = await poolOf(`if (event !== 'greedy') return 'fine'; ${body}`, 20, 128);
      const failure = await failureOf(invoke(of, 'greedy'));
      expect(failure.error).toBe('Runtime.ExitError');
      expect(failure.message).toMatch(
        /Error: Runtime exited with error: signal: killed: it has \d+ MB in memory, and memory_mb is 128$/,
      );
      expect(await invoke(of, 'modest')).toBe('fine');
      await of.close();
      expect(await readFile(join(folder, 'logs/f.log'), 'utf8')).toMatch(
        /it has \d+ MB in memory, and memory_mb is 128/,
      );
    },
  );

  slowTest('a function with more local files than ephemeral_storage_mb is killed, and the files are gone', async () => {
    const scratch = join(folder, 'scratch');
    const environment = { DAYBREAK_SCRATCH: scratch, DAYBREAK_SCRATCH_MB: '2' };
    const fill = `
      const { processScratch } = await import(${JSON.stringify(join(root, 'lib/ports/folder/process-scratch.ts'))});
      const { writeFile } = await import('node:fs/promises');
      await writeFile(await processScratch() + '/file', Buffer.alloc(event * 2 ** 20, 1));
      await new Promise((resolve) => setTimeout(resolve, event > 2 ? 60_000 : 700));
      return 'kept';`;
    const of = await poolOf(fill, 30, 512, environment);
    expect(await invoke(of, 1)).toBe('kept');
    const failure = await failureOf(invoke(of, 3));
    expect(failure.error).toBe('Runtime.ExitError');
    expect(failure.message).toMatch(/signal: killed: it has 3 MB of local files, and ephemeral_storage_mb is 2$/);
    await of.close();
    expect(await readdir(scratch)).toEqual([]);
  });

  slowTest('a function may use the memory that it has, and garbage is none', async () => {
    const garbage = 'for (let i = 0; i < 3e7; i++) { const row = { id: i, text: `row ${i}` }; count += row.id; }';
    const of = await poolOf(`const kept = Buffer.alloc(30e6, 1); ${garbage} return kept.length;`, 60, 128);
    expect(await invoke(of)).toBe(30e6);
  });

  test('a module that cannot be loaded is an error that says why', async () => {
    const of = await poolOf('return 1; } export const other = async () => { await import("./nowhere.ts");');
    await writeFile(join(folder, 'f.ts'), `import './nowhere.ts';\nexport const handler = async () => 1;\n`);
    expect(await failureOf(invoke(of))).toEqual({
      error: 'Runtime.ImportModuleError',
      message: expect.stringContaining('nowhere.ts'),
    });
  });

  test('what a function prints is kept in its log', async () => {
    const of = await poolOf('console.log("a line"); return 1;');
    await invoke(of);
    await of.close();
    expect(await readFile(join(folder, 'logs/f.log'), 'utf8')).toContain('a line');
  });

  test('an invocation whose execution has ended is given up at once', async () => {
    const of = await poolOf('await new Promise(() => setInterval(() => undefined, 1000));');
    const abort = new AbortController();
    const work = of.invoke('f', null, abort.signal);
    setTimeout(() => abort.abort(new Error('over')), 300);
    await expect(work).rejects.toThrow('the execution ended');
  });

  slowTest('fifty invocations at once share few processes, and warm ones beyond four are ended', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): unknown => warnings.push(name);
    process.on('warning', note);
    const of = await poolOf('return process.pid;');
    const shared = new AbortController().signal;
    const pids = (await Promise.all(Array.from({ length: 50 }, () => of.invoke('f', null, shared)))) as number[];
    expect(new Set(pids).size).toBeLessThanOrEqual(8);
    // A process that is ended is gone soon after.
    await waitUntil(async () => [...new Set(pids)].filter(isAlive).length <= 4);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  test('a function that is expected is loaded before its invocation, at most four processes wait, and a broken one is not tried again', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'broken'];
    for (const name of names)
      await writeFile(
        join(folder, `${name}.ts`),
        `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(folder)} + '/loaded', '${name}' + process.pid + ' ');
         ${name === 'broken' ? "throw new Error('no');" : ''}\nexport const handler = async () => process.pid;\n`,
      );
    const options = { export: 'handler', environment: {}, timeoutSeconds: 5, memoryMb: 512 };
    pool = new FunctionPool({
      functions: new Map(names.map((name) => [name, { entry: join(folder, `${name}.ts`), ...options }])),
      logOf: (name) => ({ file: join(folder, 'logs', `${name}.log`) }),
      redact: (text) => text,
      answerToken: () => false,
    });
    let text = '';
    const loaded = async (): Promise<string> =>
      existsSync(join(folder, 'loaded')) ? await readFile(join(folder, 'loaded'), 'utf8') : '';
    pool.expect(['broken', 'a', 'b', 'c', 'd', 'e']);
    // The first four that are expected: one of them is broken.
    await waitUntil(async () => {
      text = await loaded();
      return ['broken', 'a', 'b', 'c'].every((name) => new RegExp(`${name}\\d`).test(text));
    });
    const pid = await pool.invoke('a', null, never);
    expect(text).toContain(`a${pid} `);
    expect(text).not.toMatch(/[de]\d/);
    pool.expect(['broken', 'd']);
    await waitUntil(async () => /d\d/.test(await loaded()));
    expect((await loaded()).match(/broken/g)).toHaveLength(1);
    await expect(pool.invoke('broken', null, never)).rejects.toThrow(TaskFailure);
  });

  slowTest('invocations that wait for something outside each have a process, however many they are', async () => {
    const of = await poolOf(
      `const { writeFileSync, readdirSync } = await import('node:fs');
       writeFileSync(event + '/' + process.pid, '');
       while (readdirSync(event).length < 6) await new Promise((done) => setTimeout(done, 20));
       return process.pid;`,
      60,
    );
    const meeting = await mkdtemp(join(folder, 'meeting-'));
    const pids = await Promise.all(Array.from({ length: 6 }, () => invoke(of, meeting)));
    expect(new Set(pids).size).toBe(6);
  });

  slowTest('a program that a function started ends with it: at a time-out, and when the pool is closed', async () => {
    const of = await poolOf(
      `const { spawn } = await import('node:child_process');
       const { pid } = spawn('sleep', ['600'], { stdio: 'ignore' });
       if (event === null) return pid;
       (await import('node:fs')).writeFileSync(event, String(pid));
       for (;;) {}`,
      1,
    );
    const file = join(folder, 'pid');
    expect((await failureOf(invoke(of, file))).error).toBe('Sandbox.Timedout');
    const busy = Number(await readFile(file, 'utf8'));
    await waitUntil(() => !isAlive(busy));
    const idle = (await invoke(of)) as number;
    expect(isAlive(idle)).toBe(true);
    await of.close();
    await waitUntil(() => !isAlive(idle));
  });

  test('a promise that is rejected and an error that no one catches fail the invocation and end the process', async () => {
    const of = await poolOf(
      `if (event === 'promise') Promise.reject(new Error('forgotten'));
       if (event === 'timer') setTimeout(() => { throw new RangeError('late'); });
       if (event === null) return count;
       await new Promise(() => setInterval(() => undefined, 1000));`,
    );
    expect(await failureOf(invoke(of, 'promise'))).toEqual({
      error: 'Runtime.UnhandledPromiseRejection',
      message: 'forgotten',
    });
    expect(await failureOf(invoke(of, 'timer'))).toEqual({ error: 'RangeError', message: 'late' });
    expect(await invoke(of)).toBe(1);
  });

  test('messages of a handler that mean nothing here are left alone', async () => {
    const of = await poolOf('for (const one of [0, "", "ready", { type: "x" }, []]) process.send(one); return 1;');
    expect(await invoke(of)).toBe(1);
  });

  test('secrets stand neither in logs nor in failures, even in pieces of a line', async () => {
    const of = await poolOf(
      `process.stdout.write('the s3c'); await new Promise((done) => setTimeout(done, 50)); console.log('ret');
       throw new Error('with s3cret');`,
    );
    expect((await failureOf(invoke(of))).message).toBe('with [secret]');
    await of.close();
    expect(await readFile(join(folder, 'logs/f.log'), 'utf8')).toBe('the [secret]\n');
  });

  test('each line of a warm process is in the log of the invocation that wrote it', async () => {
    const of = await poolOf(
      `console.log('out', event); console.error('err', event); process.stdout.write('no line break');
       (await import('node:child_process')).spawnSync('echo', ['program', event], { stdio: 'inherit' });`,
    );
    const events = Array.from({ length: 12 }, (_, index) => String(index));
    await Promise.all(events.map((event) => invoke(of, event)));
    await of.close();
    for (const event of events) {
      const lines = (await readFile(join(folder, `logs/f${event}.log`), 'utf8')).split('\n').sort();
      expect(lines).toEqual(['', `err ${event}`, `no line breakprogram ${event}`, `out ${event}`].sort());
    }
  });

  test('the output of a module that cannot be loaded is kept in the log of its invocation', async () => {
    const of = await poolOf('return 1;');
    await writeFile(join(folder, 'f.ts'), `console.log('loading'); throw new Error('no such table');`);
    expect(await failureOf(invoke(of))).toEqual({ error: 'Runtime.ImportModuleError', message: 'no such table' });
    await of.close();
    expect(await readFile(join(folder, 'logs/f.log'), 'utf8')).toMatch(
      /^loading\n[\s\S]*no such table\n[\s\S]*f\.ts:1/,
    );
  });
});

async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
