/** The execution input as the template's input_schema describes it. */
export type RiskInput = {
  readonly as_of: string;
  /** Decimal text. */
  readonly confidence: string;
  readonly window: number;
  readonly backtest_days: number;
};
