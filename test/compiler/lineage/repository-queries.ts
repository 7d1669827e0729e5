/**
 * The column lineage of the queries of the example pipelines, written by reading them. `column: 'kind input, ...'`; an input without a column after the last dot is `*`: the rows of the dataset.
 * `rows` are the inputs that decide which rows there are.
 */
export interface HandMade {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: string;
}

const [orders, recent, users, products] = [
  'extract_orders.orders',
  'extract_orders.recent_orders',
  'extract_users.users',
  'extract_products.products',
];
const [codes, metrics, fees] = [
  'transform_product_metrics.sold_codes',
  'transform_product_metrics.product_metrics',
  'transform_product_metrics.shipping_and_fees',
];
const [days, customersOf] = ['transform_customer_metrics.daily_revenue', 'transform_customer_metrics.customer_metrics'];
const [sales, inventory, customers] = [
  'extract_sales_data.sales',
  'extract_inventory_data.inventory',
  'extract_customer_data.customers',
];
const periods = 'transform_sales.period_sales';
const [ledger, pairs, payments, items] = [
  'extract_ledger.ledger',
  'match_payments.pairs',
  'match_payments.payments',
  'match_payments.items',
];
const [cards, bank] = ['extract_card_payments.payments', 'extract_bank_payments.payments'];

/** The same way from each of these columns. */
const each = (kind: string, dataset: string, columns: string): string =>
  columns
    .split(' ')
    .map((column) => `${kind} ${dataset}.${column}`)
    .join(', ');

/** By path below `pipelines`, without `.sql`. */
export const repositoryQueries: Readonly<Record<string, HandMade>> = {
  'analytics_pipeline/country_customers': {
    columns: { country: `identity ${customers}.country`, customers: `aggregation ${customers}.*` },
    rows: `group_by ${customers}.country, sort ${customers}.country`,
  },
  'analytics_pipeline/customer_totals': {
    columns: {
      record_count: `aggregation ${customers}.*`,
      new_customers: 'aggregation transform_customers.new_customers.customers',
      countries: 'aggregation transform_customers.country_customers.*',
    },
    rows: '',
  },
  'analytics_pipeline/inventory_totals': {
    columns: {
      record_count: `aggregation ${inventory}.*, filter ${inventory}.product_id`,
      total_quantity_on_hand: `aggregation ${inventory}.stock_on_hand, filter ${inventory}.product_id`,
      reorder_alerts: `aggregation ${inventory}.*, conditional ${inventory}.stock_on_hand, filter ${inventory}.product_id`,
      out_of_stock: `aggregation ${inventory}.*, conditional ${inventory}.stock_on_hand, filter ${inventory}.product_id`,
    },
    rows: '',
  },
  'analytics_pipeline/new_customers': {
    columns: { period: '', customers: `aggregation ${customers}.*` },
    rows: `filter ${customers}.created_at, group_by ${customers}.created_at, join ${customers}.created_at`,
  },
  'analytics_pipeline/period_sales': {
    columns: {
      period: `transformation ${sales}.order_date`,
      orders: `aggregation ${sales}.*`,
      revenue: `aggregation ${sales}.total_amount`,
    },
    rows: `group_by ${sales}.order_date, join ${sales}.order_date, sort ${sales}.order_date`,
  },
  'analytics_pipeline/product_sales': {
    columns: {
      product_id: `transformation ${sales}.items`,
      units_sold: `aggregation ${sales}.items`,
      revenue: `aggregation ${sales}.items`,
    },
    rows: `join ${sales}.items, filter ${sales}.items, group_by ${sales}.items, sort ${sales}.items`,
  },
  'analytics_pipeline/reorder': {
    columns: {
      product_id: `identity ${inventory}.product_id`,
      name: `identity ${inventory}.name`,
      stock_on_hand: `identity ${inventory}.stock_on_hand`,
    },
    rows: `filter ${inventory}.stock_on_hand, filter ${inventory}.product_id, sort ${inventory}.product_id`,
  },
  'analytics_pipeline/sales_totals': {
    columns: {
      record_count: `aggregation ${periods}.orders`,
      total_revenue: `aggregation ${periods}.revenue`,
      average_order_value: `aggregation ${periods}.orders, conditional ${periods}.orders, aggregation ${periods}.revenue`,
      product_revenue: 'aggregation transform_sales.product_sales.revenue',
      shipping_and_fees: 'aggregation transform_sales.shipping_and_fees.revenue',
      granularity: '',
      best_period: `transformation ${periods}.period, sort ${periods}.period, transformation ${periods}.revenue, sort ${periods}.revenue, filter ${periods}.orders`,
    },
    rows: '',
  },
  'analytics_pipeline/shipping_and_fees': {
    columns: {
      code: `transformation ${sales}.items`,
      units: `aggregation ${sales}.items`,
      revenue: `aggregation ${sales}.items`,
    },
    rows: `join ${sales}.items, filter ${sales}.items, group_by ${sales}.items, sort ${sales}.items`,
  },
  'customer_analytics/customer_metrics': {
    columns: {
      customer_id: `identity ${orders}.customer_id`,
      email: `identity ${users}.email`,
      country: `identity ${users}.country`,
      acquisition_date: `transformation ${users}.created_at`,
      customer_segment: `conditional ${orders}.total_amount, conditional ${orders}.*`,
      total_orders: `aggregation ${orders}.*`,
      total_lifetime_value: `aggregation ${orders}.total_amount`,
      average_order_value: `aggregation ${orders}.total_amount, aggregation ${orders}.*`,
      order_frequency: `conditional ${orders}.order_date, aggregation ${orders}.order_date, aggregation ${orders}.*`,
      days_since_last_order: `aggregation ${orders}.order_date`,
    },
    rows: `filter ${orders}.customer_id, group_by ${orders}.customer_id, join ${orders}.customer_id, sort ${orders}.customer_id, join ${users}.user_id`,
  },
  'customer_analytics/daily_revenue': {
    columns: {
      day: `transformation ${orders}.order_date`,
      orders: `aggregation ${orders}.*`,
      revenue: `aggregation ${orders}.total_amount`,
    },
    rows: `group_by ${orders}.order_date, sort ${orders}.order_date`,
  },
  'customer_analytics/day_sales': {
    columns: {
      code: `transformation ${recent}.items`,
      name: `identity ${products}.name`,
      is_product: `transformation ${recent}.items`,
      units: `aggregation ${recent}.items`,
      revenue: `aggregation ${recent}.items`,
      order_count: `aggregation ${recent}.order_id`,
    },
    rows: `filter ${recent}.order_date, join ${recent}.items, group_by ${recent}.items, sort ${recent}.items, join ${products}.product_id`,
  },
  'customer_analytics/order_totals': {
    columns: {
      orders: `aggregation ${days}.orders`,
      orders_without_customer: `aggregation ${days}.orders, aggregation ${customersOf}.total_orders`,
      customers: `aggregation ${customersOf}.*`,
      revenue: `aggregation ${days}.revenue`,
      customer_revenue: `aggregation ${customersOf}.total_lifetime_value`,
    },
    rows: '',
  },
  'customer_analytics/product_metrics': {
    columns: {
      product_id: `transformation ${products}.product_id, transformation ${codes}.code`,
      name: `identity ${products}.name`,
      units_sold: `transformation ${codes}.units`,
      revenue: `transformation ${codes}.ten_thousandths`,
      order_count: `transformation ${codes}.orders`,
      average_price: `conditional ${codes}.units, transformation ${codes}.units, transformation ${codes}.ten_thousandths`,
      stock_on_hand: `identity ${products}.stock_on_hand`,
      days_of_stock: `conditional ${codes}.units, transformation ${codes}.units, transformation ${products}.stock_on_hand`,
    },
    rows: ['join', 'filter', 'sort'].map((kind) => `${kind} ${codes}.code, ${kind} ${products}.product_id`).join(', '),
  },
  'customer_analytics/product_totals': {
    columns: {
      products: `aggregation ${products}.*, filter ${products}.product_id`,
      products_sold: `aggregation ${metrics}.*, conditional ${metrics}.order_count`,
      products_unknown: `aggregation ${metrics}.*, aggregation ${products}.*, filter ${products}.product_id`,
      units_sold: `aggregation ${metrics}.units_sold`,
      revenue: `aggregation ${metrics}.revenue`,
      shipping_and_fees: `aggregation ${fees}.revenue`,
      history_days: '',
    },
    rows: '',
  },
  'customer_analytics/recent_days': {
    columns: {
      day: `transformation ${recent}.order_date`,
      orders: `aggregation ${recent}.*, aggregation ${users}.*`,
      revenue: `aggregation ${recent}.total_amount`,
      orders_without_customer: `aggregation ${recent}.*, aggregation ${users}.*, conditional ${users}.user_id`,
      customers: `aggregation ${users}.user_id`,
    },
    rows: `join ${users}.user_id, join ${recent}.customer_id, group_by ${recent}.order_date, sort ${recent}.order_date`,
  },
  'customer_analytics/shipping_and_fees': {
    columns: {
      code: `identity ${codes}.code`,
      name: `identity ${products}.name`,
      units: `identity ${codes}.units`,
      revenue: `transformation ${codes}.ten_thousandths`,
      order_count: `identity ${codes}.orders`,
    },
    rows: `join ${products}.product_id, join ${codes}.code, filter ${codes}.code, sort ${codes}.code`,
  },
  'customer_analytics/sold_codes': {
    columns: {
      code: `transformation ${orders}.items`,
      units: `aggregation ${orders}.items`,
      ten_thousandths: `aggregation ${orders}.items`,
      orders: `aggregation ${orders}.items`,
    },
    rows: `join ${orders}.items, group_by ${orders}.items, sort ${orders}.items`,
  },
  'daily_reconciliation/counts': {
    columns: {
      items: `aggregation ${items}.*`,
      matched: `aggregation ${items}.*, conditional ${items}.status`,
      within_tolerance: `aggregation ${items}.*, conditional ${items}.status`,
      open_items: `aggregation ${items}.*, conditional ${items}.status`,
      entries: `aggregation ${items}.entry_id`,
      payments: `aggregation ${items}.payment_id`,
    },
    rows: '',
  },
  'daily_reconciliation/items': {
    columns: {
      provider: `transformation ${ledger}.provider, transformation ${payments}.provider`,
      reference: `transformation ${ledger}.reference, transformation ${payments}.reference`,
      status: `${each('conditional', ledger, 'entry_id currency amount provider reference')}, ${each('conditional', payments, 'payment_id currency amount provider reference')}`,
      entry_id: `identity ${ledger}.entry_id`,
      payment_id: `identity ${payments}.payment_id`,
      ledger_currency: `identity ${ledger}.currency`,
      provider_currency: `identity ${payments}.currency`,
      ledger_amount: `identity ${ledger}.amount`,
      provider_amount: `identity ${payments}.amount`,
      difference: `conditional ${ledger}.currency, conditional ${payments}.currency, transformation ${ledger}.amount, transformation ${payments}.amount`,
    },
    rows: [
      each('join', pairs, 'entry_id provider payment_id'),
      each('join', ledger, 'entry_id'),
      each('join', payments, 'provider payment_id'),
      each('sort', ledger, 'provider reference entry_id'),
      each('sort', payments, 'provider reference payment_id'),
    ].join(', '),
  },
  'daily_reconciliation/pairs': {
    columns: {
      provider: `identity ${ledger}.provider`,
      entry_id: `identity ${ledger}.entry_id`,
      payment_id: `identity ${payments}.payment_id`,
    },
    rows: [
      each('join', ledger, 'provider reference currency amount entry_id'),
      each('join', payments, 'provider reference currency amount payment_id'),
      each('sort', ledger, 'provider entry_id'),
    ].join(', '),
  },
  'daily_reconciliation/payments': {
    columns: {
      provider: '',
      payment_id: `identity ${cards}.payment_id, identity ${bank}.payment_id`,
      reference: `identity ${cards}.reference, identity ${bank}.reference`,
      amount: `identity ${cards}.amount, identity ${bank}.amount`,
      currency: `identity ${cards}.currency, identity ${bank}.currency`,
    },
    rows: `sort ${cards}.payment_id, sort ${bank}.payment_id`,
  },
  'daily_reconciliation/totals': {
    columns: {
      provider: `identity ${items}.provider`,
      currency: `identity ${items}.ledger_currency, identity ${items}.provider_currency`,
      status: `identity ${items}.status`,
      items: `aggregation ${items}.*, conditional ${items}.entry_id`,
      ledger_amount: `aggregation ${items}.ledger_amount`,
      provider_amount: `aggregation ${items}.provider_amount`,
    },
    rows: [
      each('filter', items, 'entry_id payment_id'),
      each('group_by', items, 'provider ledger_currency provider_currency status'),
      each('sort', items, 'provider ledger_currency provider_currency status'),
    ].join(', '),
  },
};
