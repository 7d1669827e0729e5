import type { Json, JsonObject } from '../../contract/json.ts';
import { cleanText } from '../render/clean-text.ts';
import type { Painter, Style } from '../render/painter.ts';
import { type LogChunk, type LogOwner, parseLogLine } from './log-chunk.ts';

/** The heading of an attempt's lines. */
export function logHeading({ step, execution, attempt }: LogOwner, paint: Painter): string {
  return `${paint(step, 'bold')}  attempt ${attempt}${execution > 1 ? ` of execution ${execution}` : ''}`;
}

const levels: ReadonlyMap<string, Style> = new Map(
  Object.entries({ ERROR: 'red', WARN: 'yellow', DEBUG: 'dim', INFO: 'cyan' } as const),
);

/** The lines of an attempt for people: time of day (UTC), level, message, fields; a stack below its line. */
export function logLines({ lines }: Pick<LogChunk, 'lines'>, paint: Painter): string[] {
  return lines.flatMap((text) => {
    const line = parseLogLine(text);
    if ('text' in line)
      return cleanText(line.text)
        .split('\n')
        .map((one) => `  ${one}`);
    const { stack, ...fields } = line.fields;
    const below = typeof stack === 'string' ? stack.split('\n').slice(1) : [];
    const shown = below.length > 0 ? withoutKeys(fields, ['error', 'cause']) : fields;
    const said = below.length > 0 ? [`${fields.error}: ${fields.cause}`] : [];
    const head = [
      paint(line.message),
      ...Object.entries(shown).map(([name, value]) => paint(fieldText(name, value), 'dim')),
    ];
    return [
      `  ${paint(line.time.slice(11, 23), 'dim')} ${paint(line.level.padEnd(5), levels.get(line.level))} ${head.join('  ')}`,
      ...[...said, ...below].map((one) => `      ${paint(one, 'dim')}`),
    ];
  });
}

const fieldText = (name: string, value: Json | undefined): string =>
  `${name}=${typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value)}`;

const withoutKeys = (fields: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !keys.includes(name)));

/** A chunk as `--json` prints it: lines of `step.log` as objects, other lines as `{text}`. */
export function logJson({ step, execution, attempt, lines, cut }: LogChunk): JsonObject {
  const parsed = lines.map((text): Json => {
    const line = parseLogLine(text);
    return 'text' in line
      ? { text: line.text }
      : { time: line.time, level: line.level, message: line.message, ...line.fields };
  });
  return { step, execution, attempt, earlier_lines: cut, lines: parsed };
}
