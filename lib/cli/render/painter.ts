import { styleText } from 'node:util';
import type { Io, Output } from '../io.ts';
import { cleanLine } from './clean-text.ts';

export type Style = Parameters<typeof styleText>[0];

/** Cleans a text, puts it on one line and colours it if colours are on. Foreign text must pass through it to get into an answer. */
export type Painter = (text: string, style?: Style) => string;

/** True if a stream shows colours: it is a terminal, not a dumb one, and NO_COLOR is not set (https://no-color.org). */
export function showsColor(output: Output, env: Io['env'], wanted: boolean): boolean {
  return wanted && output.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
}

export function painter(color: boolean): Painter {
  return (text, style) => {
    const clean = cleanLine(text);
    return color && style !== undefined ? styleText(style, clean, { validateStream: false }) : clean;
  };
}
