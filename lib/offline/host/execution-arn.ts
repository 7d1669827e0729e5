/** The ARN of an offline execution. */
export function localExecutionArn(pipeline: string, name: string): string {
  return `arn:aws:states:local:000000000000:execution:${pipeline}:${name}`;
}

/** The pipeline of an offline execution. */
export function pipelineOfArn(arn: string): string {
  return arn.split(':')[6] ?? '';
}
