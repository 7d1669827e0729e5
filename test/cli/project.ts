import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with these files; it is removed when the test ends. `%ROOT%` in a file stands for the folder. */
export async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await folderWith(files);
  onTestFinished(() => remove(root));
  return root;
}

export function remove(root: string): Promise<void> {
  return rm(root, { recursive: true, force: true, maxRetries: 5 });
}

/** A folder with these files, for several tests; `remove` deletes it. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'daybreak-cli-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text.replaceAll('%ROOT%', root));
  }
  return root;
}

export function handlerOf(body: string): string {
  return `import { defineStep } from 'daybreak';\nexport const handler = defineStep(async (step) => {\n${body}\n});\n`;
}

/** Two steps, one after the other, and an input schema with two required keys. */
export const twoSteps = {
  'pipelines/demo.yaml': `name: demo
version: 1.0.0
input_schema:
  type: object
  required: [day, count]
  properties:
    day: { type: string, format: date }
    count: { type: integer, minimum: 1 }
  additionalProperties: false
steps:
  - name: first
    handler: { callable: first }
  - name: second
    handler: { callable: second }
    dependencies: [first]
    retry: { max_attempts: 1 }
`,
  'lambdas/steps/demo/first.ts': handlerOf('  return { day: step.input.day };'),
  'lambdas/steps/demo/second.ts': handlerOf('  return { seen: step.result("first") };'),
};
