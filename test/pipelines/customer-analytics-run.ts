import { handler as extractOrders } from '../../lambdas/steps/customer_analytics/extract-orders.ts';
import { handler as extractProducts } from '../../lambdas/steps/customer_analytics/extract-products.ts';
import { handler as extractUsers } from '../../lambdas/steps/customer_analytics/extract-users.ts';
import { handler as generateInsights } from '../../lambdas/steps/customer_analytics/generate-insights.ts';
import { handler as sendNotifications } from '../../lambdas/steps/customer_analytics/send-notifications.ts';
import { handler as updateDashboard } from '../../lambdas/steps/customer_analytics/update-dashboard.ts';
import type { StepsInMemory } from './steps-in-memory.ts';

/**
 * Runs the steps of customer_analytics in topological order, without the gate, since ranges with few orders have figures, too.
 * A failed extract_users gets up to five attempts, as in the template.
 */
export async function runCustomerAnalytics(steps: StepsInMemory): Promise<void> {
  await steps.run('extract_orders', extractOrders);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await steps.run('extract_users', extractUsers, attempt);
      break;
    } catch (error) {
      if ((error as Error).name !== 'RetryableError' || attempt === 5) throw error;
    }
  }
  await steps.run('extract_products', extractProducts);
  await steps.run('transform_customer_metrics');
  await steps.run('transform_product_metrics');
  await steps.run('generate_insights', generateInsights);
  await steps.run('update_dashboard', updateDashboard);
  await steps.run('send_notifications', sendNotifications);
}
