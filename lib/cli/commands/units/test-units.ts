import type { UnitTest } from '../../../compiler/unit-tests/unit-test.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { type Difference, runUnitTest } from '../../../testing/units/run-unit-test.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { ValidPipeline } from '../../load.ts';
import { counted } from '../../render/format.ts';
import { localFolder } from '../../typed/store-option.ts';
import { InvalidPipelineError, UsageError } from '../../typed/usage-error.ts';
import { findUnitTests, testsFolder } from '../../units/find-unit-tests.ts';
import { handlersOf } from '../../units/handlers-of.ts';

interface Tested {
  readonly test: UnitTest;
  readonly differences: readonly Difference[];
}

/** Runs the unit tests of a pipeline's steps, from YAML. A mistake in a file of tests is an error with its place, and then no test runs. */
export async function testUnits(pipeline: ValidPipeline, { option }: Invocation, context: Context): Promise<Answer> {
  const { name } = pipeline.plan;
  const { root, environment: env } = context;
  const { tests, diagnostics, files } = await findUnitTests(pipeline.plan, root);
  if (diagnostics.length > 0) {
    context.report(
      { diagnostics, file: testsFolder(name), texts: new Map(files.map((file) => [file.file, file.text])) },
      'all',
    );
    throw new InvalidPipelineError(`${testsFolder(name)} has ${counted(diagnostics.length, 'error')}`);
  }
  if (tests.length === 0)
    throw new UsageError(
      `pipeline "${name}" has no unit tests: ${testsFolder(name)}/*.yaml; --capture <run> <step> writes one`,
    );
  const handlers = await handlersOf(
    pipeline,
    new Set(tests.map(({ step }) => step)),
    localFolder(option('store'), context),
  );
  const tested: Tested[] = [];
  for (const test of tests) {
    const handler = handlers.get(test.step) ?? null;
    tested.push({ test, differences: await runUnitTest(test, { pipeline: name, root, env, handler }) });
  }
  const failed = tested.filter(({ differences }) => differences.length > 0).length;
  return {
    exitCode: failed > 0 ? 1 : 0,
    json: { pipeline: name, passed: tested.length - failed, failed, tests: tested.map(testJson) },
    text: [...tested.flatMap((one) => lines(one, context)), '', summary(name, tested.length, failed)].join('\n'),
  };
}

const testJson = ({ test: { step, name, span }, differences }: Tested): JsonObject => ({
  step,
  name,
  file: span.file,
  line: span.line,
  ok: differences.length === 0,
  differences: differences.map(({ span: at, text }) => ({ line: at.line, column: at.column, text })),
});

function lines({ test, differences }: Tested, { paint }: Context): string[] {
  const ok = differences.length === 0;
  return [
    `${ok ? paint('✔', 'green') : paint('✖', 'red')} ${paint(test.step, 'bold')}  ${paint(test.name)}`,
    ...differences.map(
      ({ span, text }) => `    ${paint(`${span.file}:${span.line}:${span.column}`, 'cyan')} ${paint(text)}`,
    ),
  ];
}

const summary = (pipeline: string, all: number, failed: number): string =>
  `${pipeline}: ${counted(all, 'test')}, ${failed === 0 ? 'all passed' : `${failed} failed`}`;
