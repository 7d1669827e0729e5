declare module 'asl-validator' {
  interface Findings {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
  }
  /** Modifies its argument: pass a clone. */
  export default function validate(
    definition: object,
    options?: { checkArn?: boolean; checkPaths?: boolean },
  ): Findings;
}
