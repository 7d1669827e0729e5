import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import { readUnitTests } from '../../compiler/unit-tests/read-unit-tests.ts';
import type { UnitTest } from '../../compiler/unit-tests/unit-test.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { SourceFile } from '../../diagnostics/source-file.ts';

/** The folder of a pipeline's unit tests, below the root. */
export function testsFolder(pipeline: string): string {
  return join('pipelines', pipeline, 'tests');
}

export interface FoundTests {
  readonly tests: readonly UnitTest[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly SourceFile[];
}

/** All unit tests of a pipeline, in the order of their files, with the mistakes in them. */
export async function findUnitTests({ name, steps }: PipelinePlan, root: string): Promise<FoundTests> {
  const folder = testsFolder(name);
  const known = new Map(
    steps.map(({ name, dependencies, needs }) => [name, [...dependencies, ...(needs ? [earlierStep] : [])]]),
  );
  const diagnostics: Diagnostic[] = [];
  const tests: UnitTest[] = [];
  const files: SourceFile[] = [];
  for (const entry of await filesIn(join(root, folder))) {
    const source = new SourceFile(join(folder, entry), await readFile(join(root, folder, entry), 'utf8'));
    files.push(source);
    tests.push(...readUnitTests(source, known, (diagnostic) => diagnostics.push(diagnostic)));
  }
  return { tests, diagnostics, files };
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).sort();
}
