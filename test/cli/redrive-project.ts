import { cli } from './cli.ts';
import { handlerOf, twoSteps } from './project.ts';

export const input = '{"day":"2026-01-31","count":1}';

/** `first` leaves a line at each run; `second` fails until a file `marker` exists. */
export function untilMarked(folder: string) {
  return {
    ...twoSteps,
    'lambdas/steps/demo/first.ts': handlerOf(
      `  const { appendFile } = await import('node:fs/promises');
  await appendFile(${folder} + '/ran', 'first\\n');
  await step.write('rows', [{ n: 1 }], { columns: { n: 'INTEGER' } });
  return { day: step.input.day };`,
    ),
    'lambdas/steps/demo/second.ts': handlerOf(
      `  const { existsSync } = await import('node:fs');
  if (!existsSync(${folder} + '/marker')) throw new Error('no marker');
  return { seen: step.result('first') };`,
    ),
  };
}

/** The project's folder, as an expression in a handler. */
export const here = "'%ROOT%'";

export function runIdIn(json: Record<string, unknown>): string {
  return String(json.run_id);
}

export async function onlyRun(root: string): Promise<string> {
  const { runs } = (await cli(['status', 'demo', '--json'], { cwd: root })).json() as unknown as {
    runs: { run_id: string }[];
  };
  return runs[0]?.run_id ?? '';
}
