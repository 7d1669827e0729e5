import jsonata from 'jsonata';
import type { Json } from '../../contract/json.ts';
import { type Surroundings, stepFunctionsLibrary } from './jsonata-functions.ts';

/** A compiled JSONata expression. */
export interface Expression {
  readonly text: string;
  /** Its syntax tree, for checks. */
  readonly tree: jsonata.ExprNode;
  /** `bindings` are `$states` and the variables. Rejects with an Error whose message is how AWS's sentence about the expression ends. */
  evaluate(bindings: Readonly<Record<string, Json>>, around: Surroundings): Promise<Json>;
}

/** Nodes of the expression tree that one evaluation may visit: a bound without a clock, so that a run is repeatable. About a second of work. */
const mostVisits = 1_000_000;

/** Nesting of function calls that one evaluation may reach. */
const deepest = 5_000;

interface Frame {
  readonly base: Frame;
  timestamp: Date;
  depth: number;
  visits?: number;
  lookup(name: string): unknown;
}

/** Called by JSONata before each node: counts, and replaces the system's time by the injected one. */
const onVisit = (_node: unknown, _input: unknown, frame: Frame): void => {
  const base = frame.base;
  if (base.visits === undefined) {
    base.timestamp = new Date((base.lookup('millis') as () => number)());
    base.visits = 0;
  }
  base.visits += 1;
  if (base.visits > mostVisits) throw new RangeError('the expression takes too long');
  if (base.depth > deepest) throw new RangeError('the expression nests too deep');
};

/** Compiles an expression; throws an Error that says what is wrong with its syntax. */
export function compileExpression(text: string): Expression {
  const compiled = parsed(text);
  compiled.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, onVisit);
  return {
    text,
    tree: compiled.ast(),
    async evaluate(bindings, around) {
      const given = { ...stepFunctionsLibrary(around), ...bindings };
      const result: unknown = await compiled.evaluate(undefined, given).catch((thrown: Thrown) => {
        const what = thrown.code === undefined ? `: ${thrown.message}` : `. ${thrown.code}: ${thrown.message}`;
        throw new Error(`threw an error during evaluation${what}`);
      });
      return asJson(result);
    },
  };
}

const parsed = (text: string): jsonata.Expression => {
  try {
    return jsonata(text);
  } catch (thrown) {
    throw new Error((thrown as Thrown).message);
  }
};

/** JSONata throws plain objects with a message; its own errors also have a code. */
interface Thrown {
  readonly message: string;
  readonly code?: string;
}

/** JSONata's value as plain JSON: sequences become arrays, -0 becomes 0; nothing is shared with the input. Functions and `undefined` are no data. */
const asJson = (value: unknown): Json => {
  if (value === undefined) throw new Error('returned nothing (undefined).');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('returned a number that JSON cannot hold.');
    return value + 0;
  }
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === 'object' && !('_jsonata_function' in value) && !('_jsonata_lambda' in value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, asJson(member)]),
    );
  }
  throw new Error('returned a function, which is not data.');
};
