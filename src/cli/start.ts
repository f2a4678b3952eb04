import { enableCompileCache } from 'node:module';
import path from 'node:path';

// Halves the time in which a command starts (0.6 s to 0.3 s). Beside the packages, not in the shared
// temporary directory, where others could put code into it; where it cannot be written there is none.
enableCompileCache(path.resolve(import.meta.dirname, '../../node_modules/.cache/muster'));

const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
