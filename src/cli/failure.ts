import { CommanderError } from 'commander';
import { AppError, type Language, say } from '../core/index.ts';
import { RemoteError } from './client.ts';

/** Exit statuses, the same for every command. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A wrong usage that only the command itself can see, e.g. two options that exclude each other. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

/** What to tell of an error; `undefined` for the parser's way of saying that help or version was shown. */
export function failureOf(error: unknown, language: Language): Failure | undefined {
  if (error instanceof UsageError) return { status: EXIT.usage, code: error.error.code, message: error.error.in(language) };
  if (error instanceof AppError) return { status: EXIT.failed, code: error.code, message: error.in(language) };
  if (error instanceof RemoteError) return { status: EXIT.failed, code: error.code, message: error.message };
  if (error instanceof CommanderError) return usageOf(error, language);
  const message = error instanceof Error ? error.message : String(error);
  return { status: EXIT.failed, code: 'internal.error', message: say(language, 'internal.error', { message }) };
}

function usageOf(error: CommanderError, language: Language): Failure | undefined {
  if (error.exitCode === 0) return undefined;
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const hint = /\(Did you mean (.*)\?\)/s.exec(error.message)?.[1];
  const tail = hint === undefined ? '' : ` ${say(language, 'usage.did_you_mean', { hint })}`;
  const failure = (code: string, message: string): Failure => ({ status: EXIT.usage, code, message: message + tail });
  switch (error.code) {
    case 'commander.unknownOption':
      return failure('usage.unknown_option', say(language, 'usage.unknown_option', { name }));
    case 'commander.unknownCommand':
      return failure('usage.unknown_command', say(language, 'usage.unknown_command', { name }));
    case 'commander.missingArgument':
      return failure('usage.missing_argument', say(language, 'usage.missing_argument', { name }));
    case 'commander.optionMissingArgument':
      return failure('usage.missing_value', say(language, 'usage.missing_value', { name }));
    case 'commander.missingMandatoryOptionValue':
      return failure('usage.missing_option', say(language, 'usage.missing_option', { name }));
    case 'commander.excessArguments':
      return failure('usage.excess_arguments', say(language, 'usage.excess_arguments', {}));
    case 'commander.help':
      return failure('usage.no_command', say(language, 'usage.no_command', {}));
    default:
      return failure('usage.invalid', say(language, 'usage.invalid', { problem: error.message.replace(/^error: /, '') }));
  }
}
