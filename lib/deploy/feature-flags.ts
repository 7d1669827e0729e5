/** CDK behaviour that the stacks of a `DaybreakApp` rely on, so that a template does not depend on who synthesises it. */
export const featureFlags: Readonly<Record<string, boolean>> = {
  // Access logging by bucket policy: new buckets have no ACLs.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  // A function's version follows exactly the properties that a Lambda version contains; no other change makes a new one.
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
};
