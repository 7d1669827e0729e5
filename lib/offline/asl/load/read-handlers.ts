import type { Json } from '../../../contract/json.ts';
import { mostSeconds } from '../limits.ts';
import type { Catcher, Retrier } from '../step.ts';
import { shown } from './machine-reader.ts';
import type { ObjectReader } from './object-reader.ts';

/** The fields of the state whose Retry and Catch are read. */
interface HandlingState extends Pick<ObjectReader, 'raw' | 'list'> {
  /** An object inside the state. `label` is its place from the state on: `Retry[0]`. */
  object(value: Json, label: string): ObjectReader;
}

/** Most seconds that MaxDelaySeconds may have. */
const longestDelay = 31_622_400;

/** A state's retriers, with AWS's defaults filled in. */
export function readRetriers(state: HandlingState): Retrier[] {
  const values = listOf(state, 'Retry');
  return values.map((value, index) => {
    const reader = state.object(value, `Retry[${index}]`);
    const retrier = {
      errors: readErrors(reader, index === values.length - 1),
      intervalSeconds: reader.plainInteger('IntervalSeconds', { least: 1, most: mostSeconds }, 1),
      maxAttempts: reader.plainInteger('MaxAttempts', { least: 0, most: mostSeconds }, 3),
      backoffRate: readBackoffRate(reader),
      maxDelaySeconds: readMaxDelay(reader),
      jitter: readJitter(reader),
    };
    reader.finish(['Comment']);
    return retrier;
  });
}

/** A state's catchers. */
export function readCatchers(state: HandlingState): Catcher[] {
  const values = listOf(state, 'Catch');
  return values.map((value, index) => {
    const reader = state.object(value, `Catch[${index}]`);
    const errors = readErrors(reader, index === values.length - 1);
    const exit = { next: reader.target('Next'), assign: reader.assign(), output: reader.payload('Output') };
    reader.finish(['Comment']);
    return { errors, exit };
  });
}

const listOf = (state: HandlingState, field: string): Json[] =>
  state.raw(field) === undefined ? [] : state.list(field, { least: 0 });

const readErrors = (reader: ObjectReader, isLast: boolean): string[] => {
  const names = reader.list('ErrorEquals', { least: 1 });
  for (const name of names) {
    if (typeof name !== 'string') reader.complain(`must hold error names, not ${shown(name)}`, 'ErrorEquals');
    else if (name.startsWith('States.') && !reserved.has(name)) {
      reader.complain(`names ${name}, which is none of the errors of Step Functions`, 'ErrorEquals');
    }
  }
  if (names.includes('States.ALL') && (names.length > 1 || !isLast)) {
    reader.complain('States.ALL must stand alone, and in the last place', 'ErrorEquals');
  }
  return names.map(String);
};

const readBackoffRate = (reader: ObjectReader): number => {
  const rate = reader.raw('BackoffRate') ?? 2;
  if (typeof rate === 'number' && rate >= 1) return rate;
  reader.complain(`must be a number of at least 1, not ${shown(rate)}`, 'BackoffRate');
  return 1;
};

const readMaxDelay = (reader: ObjectReader): number | null =>
  reader.raw('MaxDelaySeconds') === undefined
    ? null
    : reader.plainInteger('MaxDelaySeconds', { least: 1, most: longestDelay }, 1);

const readJitter = (reader: ObjectReader): boolean => {
  const strategy = reader.raw('JitterStrategy') ?? 'NONE';
  if (strategy !== 'FULL' && strategy !== 'NONE') {
    reader.complain(`must be FULL or NONE, not ${shown(strategy)}`, 'JitterStrategy');
  }
  return strategy === 'FULL';
};

/** The names that Step Functions keeps for itself. */
const reserved: ReadonlySet<string> = new Set(
  [
    ...['ALL', 'BranchFailed', 'DataLimitExceeded', 'ExceedToleratedFailureThreshold', 'HeartbeatTimeout'],
    ...[
      'Http.Socket',
      'IntrinsicFailure',
      'ItemReaderFailed',
      'NoChoiceMatched',
      'ParameterPathFailure',
      'Permissions',
    ],
    ...['QueryEvaluationError', 'ResultPathMatchFailure', 'ResultWriterFailed', 'Runtime', 'TaskFailed', 'Timeout'],
  ].map((name) => `States.${name}`),
);
