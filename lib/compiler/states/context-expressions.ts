/** RedriveCount as a number. An engine may leave it out until there is something to count. */
export const redriveCount = '{% $max([0, $states.context.Execution.RedriveCount]) %}';

/**
 * The fields of an object, as JSONata over the context object: `State` is `$states.context.State`. An engine may leave out RedriveCount until there is
 * something to count; the object then has no such field.
 */
export const contextFields = { state: 'State', redrives: 'Execution.RedriveCount', token: 'Task.Token' } as const;

/** An object from the context object, as one expression. It is shorter than an expression for each field. A field without a value is left out. Keys must be plain words. */
export function fromContext(fields: Readonly<Record<string, string>>): string {
  const parts = Object.entries(fields).map(([name, expression]) => `'${name}':${expression}`);
  return `{% $states.context.{${parts.join(',')}} %}`;
}

/** A plain word as JSONata. */
export function quoted(word: string): string {
  return `'${word}'`;
}
