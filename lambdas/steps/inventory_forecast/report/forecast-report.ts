/** A row of the dataset `orders`. */
export interface Order {
  readonly product_id: string;
  readonly name: string;
  readonly stock_on_hand: number;
  readonly on_order: number;
  readonly lead_days: number;
  readonly protection_days: number;
  readonly expected: number;
  readonly safety_stock: number;
  readonly order_up_to: number;
  readonly quantity: number;
  /** Decimal text. */
  readonly cost: string;
  readonly days_left: number;
  readonly runs_out: boolean;
}

/** The last weeks and the forecast of one product. */
export interface ProductCourse {
  readonly product_id: string;
  readonly name: string;
  /** The last days, in order; the forecast follows. */
  readonly sold: readonly { readonly day: string; readonly units: number }[];
  readonly expected: readonly { readonly day: string; readonly units: number }[];
  /** Root mean square error of a day in the back-test. */
  readonly deviation: number;
  /** Errors of the back-test as shares of the demand. */
  readonly error: number;
  readonly naive_error: number;
}

/** All that the page shows. */
export interface ForecastReport {
  readonly as_of: string;
  readonly currency: string;
  /** The result of forecast_demand. */
  readonly test: {
    readonly products: number;
    readonly short_history: number;
    readonly error: number;
    readonly naive_error: number;
    readonly better: number;
    readonly origins: number;
    readonly horizon: number;
  };
  /** The result of plan_orders. */
  readonly totals: {
    readonly products: number;
    readonly to_order: number;
    readonly running_out: number;
    readonly units: number;
    readonly cost: string;
  };
  /** Products to order; those that run out first are at the top. */
  readonly orders: readonly Order[];
  readonly courses: readonly ProductCourse[];
}
