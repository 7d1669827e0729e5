/**
 * The variable `DAYBREAK_STEPS` of a function whose code is not bundled: for each of its steps a module and its export, or the variable that holds
 * the queries. `timeout_seconds` stands where the step has less time than the function.
 */
export type StepTable = Readonly<
  Record<
    string,
    ({ readonly entry: string; readonly export: string } | { readonly sql: string }) & {
      readonly timeout_seconds?: number;
    }
  >
>;
