import { cli, type Ran, spawnCli } from './cli.ts';
import { handlerOf } from './project.ts';

export function pipelineThat(overlap: string) {
  return {
    'pipelines/demo.yaml': `name: demo\noverlap: ${overlap}\nsteps: [{ name: only, handler: only }]\n`,
    // Endless by default; the input can shorten it.
    'lambdas/steps/demo/only.ts': handlerOf(
      '  if (!step.input.quick) await new Promise((resolve) => setTimeout(resolve, 600_000));\n  return {};',
    ),
  };
}

/** A run that works until it is killed. */
export async function workingRun(cwd: string) {
  const { child, exited, said } = spawnCli(['run', 'demo'], { cwd });
  await said('only attempt 1 started');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export function quickRun(cwd: string): Promise<Ran> {
  return cli(['run', 'demo', '--json', '--input', '{"quick":true}'], { cwd });
}
