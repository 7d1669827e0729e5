/** Names of the stacks. With an environment they carry it, so that several can live in one account and region, each with a store of its own. */
export function stackName(part: string, environment: string | null): string {
  return (
    ['daybreak', environment, part]
      .filter((word) => word !== null)
      .join('-')
      // CloudFormation takes letters, digits and hyphens.
      .replace(/[^A-Za-z0-9-]+/g, '-')
  );
}

/** The part of the shared stack; pipelines have theirs by name. */
export const sharedPart = 'shared';
