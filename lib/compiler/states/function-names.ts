import { placeholder, placeholders } from './placeholders.ts';
import type { StepFunction } from './step-functions.ts';

/** The ARN of a function that one state calls stands in that state. */
export function inState(name: string): string {
  return placeholder(name);
}

/** Short names of the platform's functions in `$fn`. */
const platform = { wait: placeholders.wait, record: placeholders.recordFailure } as const;

/** A function of the platform, as the states of the graph name it. */
export function platformFunction(name: keyof typeof platform): string {
  return inVariable(name);
}

/**
 * The names of functions in the states. An ARN is 130 characters long, and most of a definition's states call one of few functions: the ARN of a function that several states
 * call stands once, in the variable `$fn`, which Prepare's state assigns. Its fields have short names, since they are written so often.
 */
export function functionNames(functions: readonly StepFunction[], hasWaits: boolean) {
  const shared = functions.filter(({ steps }) => steps.length > 1);
  const short = new Map(shared.map(({ placeholder: name }, index) => [name, `f${index + 1}`]));
  const used = Object.entries(platform).filter(([name]) => hasWaits || name !== 'wait');
  const fields = [...used, ...[...short].map(([name, field]) => [field, name] as const)];
  return {
    /** A step's function, as its Task names it. */
    of(name: string): string {
      const field = short.get(name);
      return field === undefined ? inState(name) : inVariable(field);
    },
    variable: Object.fromEntries(fields.map(([field, name]) => [field, placeholder(name)])),
  };
}

const inVariable = (field: string): string => `{% $fn.${field} %}`;
