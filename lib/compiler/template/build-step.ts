import { buildRetry } from './build-retry.ts';
import { buildOutputs, buildSql } from './build-sql.ts';
import { type Key, readEach, take } from './keys/key-table.ts';
import { resolveHandler } from './keys/resolve-handler.ts';
import * as keys from './keys/step-keys.ts';
import type { StepTemplate } from './template.ts';
import type { Reading } from './tree/reading.ts';
import { get, type Mapping, quote } from './tree/tree.ts';

/** A step from its merged keys; null if it has no name that others could refer to. Unreadable values are left out: they have been reported. */
export function buildStep(step: Mapping, index: number, pipeline: string, reading: Reading): StepTemplate | null {
  const of = <T>(key: Key<T>): T | null => take(step, key, reading);
  const name = of(keys.name);
  if (name === null) {
    readEach(step, reading);
    return null;
  }
  const sql = buildSql(step, name, { index, reading });
  of(keys.type);
  const built = {
    index,
    name,
    description: of(keys.description),
    handler: buildHandler(step, pipeline, reading),
    sql,
    outputs: buildOutputs(step, sql, reading),
    dependencies: of(keys.dependencies) ?? [],
    needs: of(keys.needs),
    triggerRule: of(keys.triggerRule),
    optional: of(keys.optional),
    retry: buildRetry(get(step, 'retry'), reading),
    timeoutMs: of(keys.timeout),
    memoryMb: of(keys.memoryMb),
    ephemeralStorageMb: of(keys.ephemeralStorageMb),
    severity: of(keys.severity),
    deadline: of(keys.deadline),
    expectedMs: of(keys.expectedDuration),
    resultSchema: of(keys.resultSchema),
    environment: of(keys.environment) ?? {},
    secrets: of(keys.secrets) ?? {},
    permissions: of(keys.permissions) ?? [],
  };
  checkVariables(step, built, reading);
  return built;
}

const buildHandler = (step: Mapping, pipeline: string, reading: Reading): StepTemplate['handler'] => {
  const handler = get(step, 'handler');
  const callable = take(handler, keys.callable, reading);
  const method = take(handler, keys.method, reading);
  const initialization = take(handler, keys.initialization, reading) ?? {};
  const configuredBy = handler?.kind === 'map' ? handler.entries.get('initialization')?.written : undefined;
  const configured = { initialization, ...(configuredBy !== undefined && { configuredBy }) };
  const nowhere = { callable: '', entry: '', export: 'handler', ...configured };
  if (callable === null) return nowhere;
  const place = resolveHandler(callable, method, pipeline);
  if (!('problem' in place)) return { ...nowhere, callable, ...place, ...(pipeline === '' && { entry: '' }) };
  const range = (get(handler, 'callable') ?? step).range;
  reading.say('BAD_HANDLER', range, `the handler ${quote(callable)} ${place.problem}`);
  return { ...nowhere, callable };
};

/** The most bytes of a function's variables as JSON. Lambda allows 4 KB; Daybreak's own variables take the rest. */
const mostVariableBytes = 4096 - 400;

const checkVariables = (
  step: Mapping,
  { name, environment, secrets }: Pick<StepTemplate, 'name' | 'environment' | 'secrets'>,
  reading: Reading,
): void => {
  const places = Object.keys(secrets).length > 0 ? { DAYBREAK_SECRETS: JSON.stringify(secrets) } : {};
  const bytes = Buffer.byteLength(JSON.stringify({ ...environment, ...places }));
  const at = step.entries.get('environment') ?? step.entries.get('secrets');
  if (bytes <= mostVariableBytes || !at) return;
  const message = `the variables and places of secrets of step ${quote(name)} have ${bytes} bytes; Lambda takes ${mostVariableBytes} beside Daybreak's own; put large values into "initialization" or into a file`;
  reading.say('BAD_VARIABLE', at.key, message);
};
