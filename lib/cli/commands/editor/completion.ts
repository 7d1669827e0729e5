import type { Answer, Invocation } from '../../command.ts';
import { shellScripts } from '../../completion/shell-scripts.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** Prints the script with which a shell completes commands, options and names. */
export async function completion({ args }: Invocation): Promise<Answer> {
  const [shell = ''] = args;
  if (!isShell(shell))
    throw new UsageError(`"${shell}" is no shell with a completion; there is ${Object.keys(shellScripts).join(', ')}`);
  return { exitCode: 0, json: { shell, script: shellScripts[shell] }, text: shellScripts[shell] };
}

const isShell = (shell: string): shell is keyof typeof shellScripts => Object.hasOwn(shellScripts, shell);
