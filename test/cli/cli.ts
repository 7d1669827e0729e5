import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { main } from '../../lib/cli/main.ts';

/** The result of a command. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Stdout, parsed as one JSON document. */
  json(): Record<string, unknown> & { diagnostics: Found[] };
}

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Where {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Makes both streams terminals of this width. */
  readonly columns?: number;
}

/** Runs the command line inside this process. */
export async function cli(args: readonly string[], { cwd, env = {}, columns }: Where): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: columns !== undefined,
    size: () => ({ columns: columns ?? 80, rows: 24 }),
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await main(args, {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env,
    cwd,
    onInterrupt: () => () => undefined,
  });
  return ran(code, written.stdout, written.stderr);
}

/** Milliseconds. Only a command that hangs takes this long, even on a loaded machine. */
const patience = 240_000;

const bin = fileURLToPath(new URL('../../bin/daybreak.ts', import.meta.url));

/** Runs the command line as a separate process; `exited` resolves to its output. */
export function spawnCli(args: readonly string[], { cwd, env = {} }: Where) {
  const child: ChildProcess = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env } });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  const exited = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve(ran(code, written.stdout, written.stderr)));
  });
  /** Resolves once stderr holds the text. */
  const said = async (text: string): Promise<void> => {
    const deadline = Date.now() + patience;
    while (!written.stderr.includes(text)) {
      if (Date.now() > deadline) throw new Error(`"${text}" was not said; stderr: ${written.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  return { child, exited, said, stderr: () => written.stderr };
}

const ran = (code: number | null, stdout: string, stderr: string): Ran => ({
  code,
  stdout,
  stderr,
  json: () => JSON.parse(stdout),
});
