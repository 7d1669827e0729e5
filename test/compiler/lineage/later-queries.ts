import type { HandMade } from './repository-queries.ts';

/** The lineage of the queries of three more pipelines, written by reading them; in the form of `repositoryQueries`. */
const places = {
  sales: 'extract_sales.sales',
  stock: 'extract_stock.stock',
  demand: 'daily_demand.demand',
  forecasts: 'forecast_demand.forecasts',
  accuracy: 'forecast_demand.accuracy',
  orders: 'plan_orders.orders',
  positions: 'extract_positions.positions',
  prices: 'extract_prices.prices',
  rates: 'extract_rates.rates',
  euro: 'model_returns.euro_prices',
  returns: 'model_returns.returns',
  values: 'simulate.values',
  scenarios: 'simulate.scenarios',
  risks: 'value_at_risk.risks',
  statements: 'backtest.statements',
  readings: 'extract_readings.readings',
  later: 'extract_readings.later_readings',
  sensors: 'extract_sensors.sensors',
  judged: 'clean_readings.judged',
  windows: 'aggregate.windows',
  scores: 'find_anomalies.scores',
  anomalies: 'find_anomalies.anomalies',
} as const;

/** `aggregation sales day *; filter sales day` becomes one entry per column, with the place written out. */
const ways = (text: string): string =>
  text
    .split(';')
    .map((part) => part.trim().split(/\s+/))
    .filter(([kind]) => kind !== '')
    .flatMap(([kind, place, ...columns]) =>
      columns.map((column) => `${kind} ${places[place as keyof typeof places]}.${column}`),
    )
    .join(', ');

const query = (rows: string, columns: Readonly<Record<string, string>>): HandMade => ({
  rows: ways(rows),
  columns: Object.fromEntries(Object.entries(columns).map(([name, text]) => [name, ways(text)])),
});

const expected = 'aggregation forecasts expected; conditional forecasts ahead; conditional accuracy protection_days';
const upTo = `${expected}; transformation accuracy protection_deviation`;
const quantity = `${upTo}; transformation stock stock_on_hand on_order pack_size`;
const daysLeft =
  'aggregation forecasts *; aggregation stock *; conditional forecasts expected product_id ahead; conditional stock stock_on_hand';
const tail = 'aggregation scenarios profit; conditional scenarios profit day desk *';
const stated = 'aggregation scenarios profit; window scenarios desk day';
const both = (kind: string, columns: string) => `${kind} readings ${columns}; ${kind} later ${columns}`;
const stuck = 'conditional windows readings least most';

/** By path below `pipelines`, without `.sql`. */
export const laterQueries: Readonly<Record<string, HandMade>> = {
  'inventory_forecast/demand': query(
    'filter sales day; join sales product_id day; join stock product_id; group_by sales product_id; sort sales product_id',
    { product_id: 'identity sales product_id', day: '', units: 'transformation sales units' },
  ),
  'inventory_forecast/demand_totals': query('', {
    products: 'aggregation demand product_id',
    units: 'aggregation demand units',
  }),
  'inventory_forecast/order_totals': query('', {
    products: 'aggregation orders *',
    to_order: 'aggregation orders *; conditional orders quantity',
    running_out: 'aggregation orders *; conditional orders runs_out',
    units: 'aggregation orders quantity',
    cost: 'aggregation orders cost',
  }),
  'inventory_forecast/orders': query(
    'join stock product_id; join accuracy product_id; join forecasts product_id; group_by forecasts product_id; sort stock product_id',
    {
      product_id: 'identity stock product_id',
      name: 'identity stock name',
      stock_on_hand: 'identity stock stock_on_hand',
      on_order: 'identity stock on_order',
      lead_days: 'identity stock lead_days',
      protection_days: 'identity accuracy protection_days',
      expected,
      safety_stock: 'transformation accuracy protection_deviation',
      order_up_to: upTo,
      quantity,
      cost: `${quantity}; transformation stock unit_cost`,
      days_left: daysLeft,
      runs_out: `${daysLeft}; transformation stock lead_days on_order`,
    },
  ),
  'risk_calculation/euro_prices': query(
    'group_by positions instrument currency; join positions instrument currency; join prices instrument day; join rates day currency; filter prices day; sort positions instrument; sort prices day',
    {
      instrument: 'identity positions instrument',
      day: 'identity prices day',
      euro_price: 'transformation prices price; conditional positions currency; transformation rates rate',
    },
  ),
  'risk_calculation/exceedances': query('', {
    desks:
      'aggregation statements desk *; group_by statements desk; sort statements desk; conditional statements exceeded',
    window: '',
    worst: '',
  }),
  'risk_calculation/portfolio': query('', {
    positions: 'aggregation values *',
    value: 'aggregation values value',
    equities: 'aggregation values value; conditional values desk',
    bonds: 'aggregation values value; conditional values desk',
  }),
  'risk_calculation/return_counts': query('', {
    instruments: 'aggregation returns instrument',
    days: 'aggregation returns day',
    last_day: 'aggregation returns day',
  }),
  'risk_calculation/returns': query('filter euro euro_price instrument day; sort euro instrument day', {
    instrument: 'identity euro instrument',
    day: 'identity euro day',
    return: 'transformation euro euro_price; window euro instrument day',
  }),
  'risk_calculation/risk_totals': query('', {
    value_at_risk: 'aggregation risks value_at_risk; conditional risks desk',
    expected_shortfall: 'aggregation risks expected_shortfall; conditional risks desk',
    diversification: 'aggregation risks value_at_risk; conditional risks desk',
    scenarios: 'aggregation risks scenarios',
    worst: 'aggregation risks worst',
  }),
  'risk_calculation/risks': query('filter scenarios desk day; group_by scenarios desk; sort scenarios desk', {
    desk: 'identity scenarios desk',
    scenarios: 'aggregation scenarios *; window scenarios desk',
    worst: '',
    value_at_risk: tail,
    expected_shortfall: tail,
  }),
  'risk_calculation/scenarios': query(
    'join values instrument; join returns instrument; group_by values desk; group_by returns day; sort values desk; sort returns day',
    {
      desk: 'transformation values desk',
      day: 'identity returns day',
      profit: 'aggregation values value; aggregation returns return',
    },
  ),
  'risk_calculation/statements': query('filter scenarios desk day profit; sort scenarios desk day', {
    desk: 'identity scenarios desk',
    day: 'identity scenarios day',
    value_at_risk: stated,
    profit: 'identity scenarios profit',
    exceeded: `${stated}; transformation scenarios profit`,
  }),
  'risk_calculation/values': query(
    'join positions instrument; join euro instrument; filter euro day; sort positions desk instrument',
    {
      desk: 'identity positions desk',
      instrument: 'identity positions instrument',
      value: 'transformation positions quantity; transformation euro euro_price',
    },
  ),
  'sensor_aggregation/anomalies': query(
    'filter scores kind; group_by scores sensor_id kind begins; sort scores sensor_id kind begins',
    {
      sensor_id: 'identity scores sensor_id',
      kind: 'identity scores kind',
      begins: 'aggregation scores begins',
      ends: 'aggregation scores begins',
      windows: 'aggregation scores *',
      score: 'aggregation scores score',
    },
  ),
  'sensor_aggregation/anomaly_totals': query('', {
    anomalies: 'aggregation anomalies *',
    spikes: 'aggregation anomalies *; conditional anomalies kind',
    stuck: 'aggregation anomalies *; conditional anomalies kind',
    silent: 'aggregation anomalies *; conditional anomalies kind',
  }),
  'sensor_aggregation/judged': query(
    `${both('join', 'sensor_id')}; join sensors sensor_id; ${both('filter', 'measured_at')}; ${both('sort', 'sensor_id sequence received_at measured_at value')}`,
    {
      sensor_id: both('identity', 'sensor_id'),
      sequence: both('identity', 'sequence'),
      measured_at: both('identity', 'measured_at'),
      received_at: both('identity', 'received_at'),
      value: both('identity', 'value'),
      verdict: `${both('conditional', 'sensor_id sequence measured_at received_at value *')}; conditional sensors lowest highest *`,
    },
  ),
  'sensor_aggregation/scores': query('sort windows sensor_id begins', {
    sensor_id: 'identity windows sensor_id',
    begins: 'identity windows begins',
    baseline: `aggregation windows mean; ${stuck}; window windows sensor_id begins`,
    score: `transformation windows mean; aggregation windows mean; conditional windows mean sensor_id begins; ${stuck}; window windows sensor_id begins`,
    kind: `conditional windows mean sensor_id begins; ${stuck}`,
  }),
  'sensor_aggregation/verdicts': query('', {
    readings: 'aggregation judged *',
    good: 'aggregation judged *; conditional judged verdict',
    duplicates: 'aggregation judged *; conditional judged verdict',
    clock_ahead: 'aggregation judged *; conditional judged verdict',
    implausible: 'aggregation judged *; conditional judged verdict',
  }),
  'sensor_aggregation/window_totals': query('', {
    sensors: 'aggregation windows sensor_id',
    readings: 'aggregation windows readings',
    expected: 'aggregation windows expected',
    late: 'aggregation windows late',
    empty_windows: 'aggregation windows *; conditional windows readings',
  }),
  'sensor_aggregation/windows': query(
    'filter judged verdict; group_by judged sensor_id measured_at; join sensors sensor_id; join judged sensor_id measured_at; sort sensors sensor_id',
    {
      sensor_id: 'identity sensors sensor_id',
      begins: '',
      readings: 'aggregation judged *',
      expected: 'transformation sensors interval_seconds',
      late: 'aggregation judged *; conditional judged received_at measured_at',
      mean: 'aggregation judged value *',
      least: 'aggregation judged value',
      most: 'aggregation judged value',
    },
  ),
};
