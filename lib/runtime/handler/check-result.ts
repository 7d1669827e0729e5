import { PermanentError, ValidationError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import type { StepSpec } from '../../contract/step-spec.ts';

/** The largest result, in bytes of JSON. Every dependent reads it, so rows belong in a dataset. */
const largestResult = 64 * 1024;

/** Checks a step's result by its size and its schema, and fills in the schema's defaults. */
export async function checkResult(
  result: Json,
  { name, result_schema: schema }: Pick<StepSpec, 'name' | 'result_schema'>,
): Promise<Json> {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > largestResult) {
    throw new PermanentError(
      `the result of step ${name} is ${bytes} bytes of JSON; at most ${largestResult} are allowed: write a dataset or a file instead`,
    );
  }
  if (schema === undefined) return result;
  // Only if there is a schema: ajv takes a fifth of a cold start.
  const { violationsOf } = await import('../../input/json-schema.ts');
  const violations = violationsOf(schema, result);
  if (violations.length > 0) {
    throw new ValidationError(`the result of step ${name} does not fit its result_schema`, violations);
  }
  return result;
}
