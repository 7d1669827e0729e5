import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { shellScripts } from '../../lib/cli/completion/shell-scripts.ts';
import { project } from './project.ts';

const launch = fileURLToPath(new URL('../../bin/launch.js', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/daybreak.ts', import.meta.url));

const has = (shell: string): boolean => {
  try {
    execFileSync(shell, ['--version']);
    return true;
  } catch {
    console.warn(`skipped: ${shell} is not on this machine`);
    return false;
  }
};

/** The question to each shell for the proposals of `daybreak <words>`, printed one per line. */
const asks = {
  bash: (words: string) => `source ./completion
COMP_WORDS=(daybreak ${words}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
compopt() { COMPREPLY+=(":$*"); }
_daybreak daybreak; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words: string) => `compdef() { :; }
source ./completion
compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -rl -- "$@"; }
_files() { print -r -- ':-o default'; }
words=(daybreak ${words}); CURRENT=$#words
_daybreak`,
  fish: (words: string) =>
    `source ./completion; complete -C 'daybreak ${words.replaceAll("''", '')}' | string split -f 1 \\t; true`,
} as const;

test.each((['bash', 'zsh', 'fish'] as const).map((shell) => [shell, has(shell)] as const))(
  '%s proposes names, and never runs what a name says',
  async (shell, there) => {
    if (!there) return;
    const root = await project({
      'pipelines/sales.yaml': 'name: sales\nsteps: [{ name: extract, handler: a }]\n',
      'pipelines/$(touch pwned).yaml': 'name: x\n',
      'pipelines/`touch pwned`.yaml': 'name: x\n',
      'pipelines/a; touch pwned.yaml': 'name: x\n',
      completion: shellScripts[shell],
      'bin/daybreak': `#!/bin/sh\nexec '${process.execPath}' '${launch}' "$@"\n`,
    });
    await chmod(join(root, 'bin/daybreak'), 0o755);
    await mkdir(join(root, 'home'));
    const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}`, HOME: join(root, 'home') };
    const ask = async (words: string): Promise<string[]> => {
      await writeFile(join(root, 'ask'), asks[shell](words));
      const flags = shell === 'zsh' ? ['-f', 'ask'] : ['ask'];
      const { stdout } = await promisify(execFile)(shell, flags, { cwd: root, env });
      return stdout.split('\n').filter((line) => line !== '');
    };
    expect(await ask('resu')).toEqual(['resume']);
    expect(await ask("run ''")).toEqual(['sales']);
    expect(await ask("resume sales x --from ''")).toEqual(['extract']);
    if (shell !== 'fish') expect(await ask("run sales --data ''")).toEqual([':-o default']);
    expect(await readdir(root)).not.toContain('pwned');
  },
);

test('an answer loads neither the compiler nor the parser of arguments', async () => {
  const counter = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => { if (!url.startsWith('node:')) loaded.push(url); return next(url, context); } });
process.on('exit', () => process.stderr.write(loaded.join(' ')));
`)}`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', counter, bin, '__complete', 'run', '']);
  expect(stderr.split(' ').length).toBeLessThan(16);
  expect(stderr).not.toMatch(/compiler|commander|duckdb|node_modules/);
});
