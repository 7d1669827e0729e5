/** The input of scheduled starts: strings of the form `{% ... %}` are JSONata over the scheduled time. */
import type { Expression } from 'jsonata';
import type { Json, JsonObject } from '../contract/json.ts';
import { addDays, addMonths, dayOf, inZone, monthEnd, monthStart, weekStart } from './calendar.ts';

export interface ScheduleInput {
  readonly input: JsonObject;
  /** One line per expression that failed. */
  readonly violations: readonly string[];
}

/** Most evaluations inside one expression: an expression that calls itself must not block a start forever. */
const mostEvaluations = 100_000;

/**
 * Evaluates a schedule's input. Expressions see `scheduled_time`, in the schedule's zone, and functions over days. Each function takes a time or a day and
 * returns a calendar day of that zone, so calls can be nested: `$month_start($days_ago(scheduled_time, 1))`.
 */
export async function scheduleInput(
  template: JsonObject,
  { scheduledTime, timezone }: { readonly scheduledTime: string; readonly timezone: string },
): Promise<ScheduleInput> {
  const violations: string[] = [];
  const bindings = dayFunctions(timezone);
  const context = { scheduled_time: inZone(scheduledTime, timezone) };
  const evaluate = async (value: Json, path: string): Promise<Json> => {
    if (Array.isArray(value)) return Promise.all(value.map((item, index) => evaluate(item, `${path}/${index}`)));
    if (typeof value === 'object' && value !== null) return evaluateObject(value, path);
    const expression = typeof value === 'string' ? expressionIn(value) : null;
    if (expression === null) return value;
    try {
      const result: unknown = await (await parsed(expression)).evaluate(context, { ...bindings });
      if (result !== undefined) return JSON.parse(JSON.stringify(result)) as Json;
      violations.push(
        `${path}: ${JSON.stringify(value)} has no value; known are scheduled_time and ${names(bindings)}`,
      );
    } catch (error) {
      violations.push(
        `${path}: ${JSON.stringify(value)} cannot be evaluated: ${textOf(error)}; known are scheduled_time and ${names(bindings)}`,
      );
    }
    return null;
  };
  const evaluateObject = async (object: JsonObject, path: string): Promise<JsonObject> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(object).map(async ([key, item]) => [key, await evaluate(item, `${path}/${pointerPart(key)}`)]),
      ),
    );
  return { input: await evaluateObject(template, ''), violations };
}

/** Returns the JSONata in a text `{% ... %}`, or null for any other text. */
const expressionIn = (text: string): string | null => /^\s*\{%(.*)%\}\s*$/s.exec(text)?.[1] ?? null;

const cache = new Map<string, Expression>();

async function parsed(text: string): Promise<Expression> {
  // Loads JSONata only for an expression: most starts are not scheduled, and loading it makes a cold start longer.
  const { default: jsonata } = await import('jsonata');
  const expression = cache.get(text) ?? jsonata(text);
  cache.set(text, expression);
  let evaluations = 0;
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as never, () => {
    evaluations += 1;
    if (evaluations > mostEvaluations) throw new RangeError(`it does not end within ${mostEvaluations} evaluations`);
  });
  return expression;
}

/** The functions of schedule expressions. Each returned day is in the schedule's zone. */
const dayFunctions = (zone: string) => ({
  today: (time: string) => dayOf(time, zone),
  yesterday: (time: string) => addDays(dayOf(time, zone), -1),
  days_ago: (time: string, days: number) => addDays(dayOf(time, zone), -days),
  months_ago: (time: string, months: number) => addMonths(dayOf(time, zone), -months),
  week_start: (time: string) => weekStart(dayOf(time, zone)),
  month_start: (time: string) => monthStart(dayOf(time, zone)),
  month_end: (time: string) => monthEnd(dayOf(time, zone)),
});

const names = (bindings: object): string =>
  Object.keys(bindings)
    .map((name) => `$${name}`)
    .join(', ');

/** JSONata throws plain objects with a message. */
const textOf = (error: unknown): string => String((error as { message?: unknown } | null)?.message ?? error);

const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
