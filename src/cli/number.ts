import { Argument, type Command } from 'commander';
import type { Cli } from './cli.ts';

/** A parser for an option that takes a whole number of at least `least`. */
export function wholeNumber(cli: Cli, name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw cli.wrongUsage('usage.number', { name, least, value: text });
    }
    return value;
  };
}

/** Gives a command the argument <id>, the number of a run, a message and the like. */
export function withId(cli: Cli, command: Command): Command {
  const parse = (text: string): number => {
    if (!/^[1-9]\d{0,14}$/.test(text)) throw cli.wrongUsage('usage.number_argument', { name: 'id', value: text });
    return Number(text);
  };
  return command.addArgument(new Argument('<id>').argParser(parse));
}
