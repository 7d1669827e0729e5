/** The prefix of every stack. A project can choose another (`prefix`), so that two teams can share an account and region. */
export const defaultPrefix = 'daybreak';

/** Separates the stacks of one project from those of others. */
export interface StackScope {
  readonly prefix: string;
  /** The environment that is deployed; null for none. */
  readonly environment: string | null;
}

/** CloudFormation accepts letters, digits and hyphens. Two hyphens in a row separate the environment, so no word may have them. */
const word = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');

/**
 * Returns the name of a stack: `daybreak-orders`, or `daybreak-staging--orders` in the environment `staging`. Names of different environments never collide:
 * the pipeline `customer_analytics` is not the pipeline `analytics` in the environment `customer`.
 */
export function stackName(part: string, { prefix, environment }: StackScope): string {
  return environment === null ? `${prefix}-${word(part)}` : `${prefix}-${word(environment)}--${word(part)}`;
}

/** The name part of the shared stack; each pipeline's stack has the pipeline's name. */
export const sharedPart = 'shared';

/** The name part of the stack with all subscribers. No pipeline can have it. */
export const subscribersPart = 'subscribers';
