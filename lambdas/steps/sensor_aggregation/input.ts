/** The execution input as the template's input_schema describes it. */
export type SensorInput = {
  /** UTC day. */
  readonly day: string;
};
