import { platformFunctions } from '../../contract/platform-functions.ts';

/** Names that stand in the definition as `${Name}` until the stack or the offline engine puts a function's ARN or the queue's address there. */
export const placeholders = {
  prepare: platformFunctions.prepare.placeholder,
  wait: platformFunctions.wait.placeholder,
  recordFailure: platformFunctions.recordFailure.placeholder,
  finalize: platformFunctions.finalize.placeholder,
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
} as const;

export function placeholder(name: string): string {
  return `\${${name}}`;
}

/** The definition's text with every `${Name}` replaced; an unknown name is an error, so that none is ever deployed. */
export function substitute(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`the definition has the placeholder "${name}", which has no value`);
    return JSON.stringify(value).slice(1, -1);
  });
}
