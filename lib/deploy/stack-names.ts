/** The prefix of every stack, unless a project chooses another by context (`-c prefix=...`), so that two teams can share an account and region. */
export const defaultPrefix = 'daybreak';

/** No hyphen: it would let `a-b` with pipeline `c` meet `a` with pipeline `b-c`. */
export const prefixPattern = /^[A-Za-z][A-Za-z0-9]{0,29}$/;

/** Where stacks of one project are deployed beside those of others. */
export interface StackScope {
  readonly prefix: string;
  /** The templates' environment; null for none. */
  readonly environment: string | null;
}

/** CloudFormation takes letters, digits and hyphens. Two hyphens in a row separate the environment, so no word may have them. */
const word = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');

/**
 * The name of a stack: `daybreak-orders`, and `daybreak-staging--orders` in the environment `staging`. Different environments never meet: the
 * pipeline `customer_analytics` is not the pipeline `analytics` in the environment `customer`.
 */
export function stackName(part: string, { prefix, environment }: StackScope): string {
  return environment === null ? `${prefix}-${word(part)}` : `${prefix}-${word(environment)}--${word(part)}`;
}

/** The part of the shared stack; pipelines have theirs by name. */
export const sharedPart = 'shared';
