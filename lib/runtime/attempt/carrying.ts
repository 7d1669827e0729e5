/** An error under a name that steers the machine; `read-failure.ts` takes the real one out again. */
export function carrying(name: string, real: Error, textOf: (text: string) => string = (text) => text): Error {
  const error = new Error(textOf(`${real.name}: ${real.message}`));
  error.name = name;
  if (real.stack !== undefined) error.stack = real.stack;
  return error;
}
