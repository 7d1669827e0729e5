declare module 'asl-validator' {
  interface Findings {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
  }
  /** Writes into the definition: give it a clone. */
  export default function validate(
    definition: object,
    options?: { checkArn?: boolean; checkPaths?: boolean },
  ): Findings;
}
