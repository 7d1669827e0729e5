/**
 * Parts of the context object, as JSONata. An engine may leave out RedriveCount until there is something to count: an object that is built in one expression
 * then has no such field, and a separate number is 0.
 */
export const contextValues = {
  state: '$states.context.State',
  redriveCount: '$states.context.Execution.RedriveCount',
  token: '$states.context.Task.Token',
} as const;

/** RedriveCount as a number by itself. */
export const redriveCount = `{% $max([0, ${contextValues.redriveCount}]) %}`;

/** An object as one expression. It is shorter than an expression for each field, and a field without a value is left out. Keys and quoted values must be plain words. */
export function objectOf(fields: Readonly<Record<string, string>>): string {
  const parts = Object.entries(fields).map(([name, expression]) => `'${name}':${expression}`);
  return `{% {${parts.join(',')}} %}`;
}

/** A plain word as JSONata. */
export function quoted(word: string): string {
  return `'${word}'`;
}
