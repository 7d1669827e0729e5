import { buildRetry } from './build-retry.ts';
import { buildOutputs, buildSql } from './build-sql.ts';
import { showDuration } from './keys/read-duration.ts';
import { parseSecret } from './keys/read-function-settings.ts';
import { resolveHandler } from './keys/resolve-handler.ts';
import type { Severity, StepTemplate, TriggerRule } from './template.ts';
import type { Reading } from './tree/reading.ts';
import { get, type Mapping, quote, type Tree, toJson, toJsonObject } from './tree/tree.ts';

/** A step from its checked and merged keys; null when it has no name that others could refer to. What could not be read is left out: it has been reported. */
export function buildStep(step: Mapping, index: number, pipeline: string, reading: Reading): StepTemplate | null {
  const name = textAt(step, 'name');
  if (name === null) return null;
  const sql = buildSql(step, name, { index, reading });
  return {
    index,
    name,
    description: textAt(step, 'description'),
    handler: buildHandler(step, pipeline, reading),
    sql,
    outputs: buildOutputs(step, sql, reading),
    dependencies: textsAt(step, 'dependencies'),
    triggerRule: textAt(step, 'trigger_rule') as TriggerRule | null,
    optional: valueAt(step, 'optional') as boolean | null,
    retry: buildRetry(get(step, 'retry'), reading),
    timeoutMs: buildTimeout(step, reading),
    memoryMb: valueAt(step, 'memory_mb') as number | null,
    ephemeralStorageMb: valueAt(step, 'ephemeral_storage_mb') as number | null,
    severity: textAt(step, 'severity') as Severity | null,
    resultSchema: jsonAt(step, 'result_schema'),
    ...buildVariables(step, name, reading),
    permissions: itemsAt(step, 'permissions').map((statement) => ({
      effect: textAt(statement, 'effect') === 'Deny' ? 'Deny' : 'Allow',
      actions: textsAt(statement, 'actions'),
      resources: textsAt(statement, 'resources'),
      conditions: jsonAt(statement, 'conditions'),
    })),
  };
}

const valueAt = (tree: Tree, key: string): string | number | boolean | null => {
  const value = get(tree, key);
  return value?.kind === 'scalar' ? value.value : null;
};

const textAt = (tree: Tree, key: string): string | null => {
  const value = valueAt(tree, key);
  return typeof value === 'string' ? value : null;
};

const itemsAt = (tree: Tree, key: string): readonly Tree[] => {
  const value = get(tree, key);
  return value?.kind === 'list' ? value.items : [];
};

const textsAt = (tree: Tree, key: string): string[] =>
  itemsAt(tree, key).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));

const jsonAt = (tree: Tree, key: string) => {
  const value = get(tree, key);
  return value?.kind === 'map' ? toJsonObject(value) : null;
};

const buildHandler = (step: Mapping, pipeline: string, reading: Reading): StepTemplate['handler'] => {
  const handler = get(step, 'handler');
  const callable = get(handler, 'callable');
  const initialization = (handler && jsonAt(handler, 'initialization')) ?? {};
  const configuredBy = handler?.kind === 'map' ? handler.entries.get('initialization')?.written : undefined;
  const configured = { initialization, ...(configuredBy !== undefined && { configuredBy }) };
  const nowhere = { callable: '', entry: '', export: 'handler', ...configured };
  if (callable?.kind !== 'scalar') return nowhere;
  const method = handler && textAt(handler, 'method');
  const place = resolveHandler(callable.text, method, pipeline);
  if (!('problem' in place))
    return { ...nowhere, callable: callable.text, ...place, ...(pipeline === '' && { entry: '' }) };
  reading.say('BAD_HANDLER', callable.range, `the handler ${quote(callable.text)} ${place.problem}`);
  return { ...nowhere, callable: callable.text };
};

const buildTimeout = (step: Mapping, reading: Reading): number | null => {
  const timeout = get(step, 'timeout');
  if (timeout?.kind !== 'scalar' || typeof timeout.value !== 'number') return null;
  const whole = Math.ceil(timeout.value / 1000) * 1000;
  if (whole !== timeout.value) {
    const message = `the time-out of ${showDuration(timeout.value)} is not whole seconds; the effective value is ${showDuration(whole)}`;
    reading.say('VALUE_ROUNDED', timeout.range, message);
  }
  return whole;
};

const buildSecrets = (secrets: Tree | null): StepTemplate['secrets'] => {
  const json = secrets ? toJson(secrets) : {};
  const places = Array.isArray(json) ? json.map((id) => [String(id), String(id)] as const) : Object.entries(json ?? {});
  return Object.fromEntries(
    places.flatMap(([name, id]) => {
      const secret = parseSecret(String(id));
      return secret ? [[name, secret]] : [];
    }),
  );
};

/** Of the variables that Lambda gives to a function, as JSON; Daybreak's own take the rest of its 4 KB. */
const mostVariableBytes = 4096 - 400;

const buildVariables = (
  step: Mapping,
  name: string,
  reading: Reading,
): Pick<StepTemplate, 'environment' | 'secrets'> => {
  const environment = (jsonAt(step, 'environment') ?? {}) as Record<string, string>;
  const secrets = buildSecrets(get(step, 'secrets'));
  const places = Object.keys(secrets).length > 0 ? { DAYBREAK_SECRETS: JSON.stringify(secrets) } : {};
  const bytes = Buffer.byteLength(JSON.stringify({ ...environment, ...places }));
  const at = step.entries.get('environment') ?? step.entries.get('secrets');
  if (bytes > mostVariableBytes && at) {
    const message = `the variables and places of secrets of step ${quote(name)} have ${bytes} bytes; Lambda takes ${mostVariableBytes} beside Daybreak's own; put large values into "initialization" or into a file`;
    reading.say('BAD_VARIABLE', at.key, message);
  }
  return { environment, secrets };
};
