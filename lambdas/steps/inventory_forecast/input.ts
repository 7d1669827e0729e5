/** The execution input as the template's input_schema describes it. */
export type ForecastInput = {
  readonly as_of: string;
  readonly history_days: number;
};
