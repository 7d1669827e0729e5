/** What an offline execution is called where AWS has an ARN. */
export const localExecutionArn = (pipeline: string, name: string): string =>
  `arn:aws:states:local:000000000000:execution:${pipeline}:${name}`;

/** The pipeline of an offline execution. */
export const pipelineOfArn = (arn: string): string => arn.split(':')[6] ?? '';
