/** The data of the stand-ins for database, CRM and catalogue. Amounts are exact decimal text with at most four decimals; times are ISO 8601 UTC. */
export interface SourceData {
  /** The data's origin, for the log. */
  readonly origin: string;
  readonly orders: readonly SourceOrder[];
  readonly users: readonly SourceUser[];
  readonly products: readonly SourceProduct[];
  /** UTC days of the first and the last order. */
  readonly range: { readonly start_date: string; readonly end_date: string };
}

export interface SourceOrder {
  readonly order_id: string;
  readonly customer_id: string | null;
  readonly order_date: string;
  readonly total_amount: string;
  readonly items: readonly { readonly product_id: string; readonly quantity: number; readonly price: string }[];
}

export interface SourceUser {
  readonly user_id: string;
  readonly email: string;
  readonly country: string;
  readonly created_at: string;
}

export interface SourceProduct {
  readonly product_id: string;
  readonly name: string;
  readonly stock_on_hand: number;
}

/** Days of the first and the last order; there must be at least one order. */
export function rangeOf(orders: readonly SourceOrder[]): SourceData['range'] {
  const days = orders.map((order) => order.order_date.slice(0, 10)).sort();
  const [start_date] = days;
  const end_date = days.at(-1);
  if (start_date === undefined || end_date === undefined) throw new Error('there is no order, so there is no range');
  return { start_date, end_date };
}
