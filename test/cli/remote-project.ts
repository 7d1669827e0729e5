import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployPipeline } from '../support/deployed-pipeline.ts';
import { spawnCli } from './cli.ts';
import { handlerOf, project, twoSteps } from './project.ts';

export const stack = 'daybreak-demo';
export const input = '{"day":"2026-01-31","count":1}';
export const second = 'lambdas/steps/demo/second.ts';
const files = { ...twoSteps, [second]: handlerOf("  throw new Error('no luck');") };
const fixed = handlerOf('  return { seen: step.result("first") };');

/** The project "on AWS"; `other` replaces files of it. */
export async function deployed(other: Readonly<Record<string, string>> = {}) {
  const root = await project({ ...files, ...other });
  const aws = await deployPipeline(root, 'demo', stack);
  const run = (...args: string[]) => spawnCli([...args, '--stack', stack], { cwd: root, env: aws.env }).exited;
  const json = async (...args: string[]) => {
    const ran = await run(...args, '--json');
    return { code: ran.code, document: ran.json(), stderr: ran.stderr };
  };
  const messages = async (): Promise<string[]> => {
    const found = await aws.queue.receive(10, 60);
    for (const { receipt } of found) await aws.queue.release(receipt);
    return found.map(({ body }) => body);
  };
  const fix = async () => {
    await writeFile(join(root, second), fixed);
    await aws.deploy();
  };
  return { root, aws, run, json, messages, fix };
}
