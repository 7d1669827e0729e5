/** The price of 1,000 runs of the 9-step example, from the counts of one run and AWS's list prices: `npm run benchmark:price`. docs/costs.md has its output. */
import { countExample } from './price/example-run.ts';
import { priceTable } from './price/price-table.ts';

const { units } = await countExample();
console.log(priceTable(units).join('\n'));
// The query engine would keep the process.
process.exit(0);
