import { styleText } from 'node:util';
import type { Io, Output } from '../io.ts';
import { cleanLine } from './clean-text.ts';

export type Style = Parameters<typeof styleText>[0];

/** Puts a text on one clean line and colours it where colours are wanted. The only way by which foreign text gets into an answer. */
export type Painter = (text: string, style?: Style) => string;

/** Whether a stream shows colours: a terminal that is not dumb, and nobody who asked for none (https://no-color.org). */
export function showsColor(output: Output, env: Io['env'], wanted: boolean): boolean {
  return wanted && output.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
}

export function painter(color: boolean): Painter {
  return (text, style) => {
    const clean = cleanLine(text);
    return color && style !== undefined ? styleText(style, clean, { validateStream: false }) : clean;
  };
}
