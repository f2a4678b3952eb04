import packed from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/**
 * A real Chromium without a window: the packed one, or the one that `CHROMIUM_PATH` names. Runs as root as
 * well (its own sandbox is off), and without a graphics card. Close it when done.
 */
export async function launchChromium(): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH'];
  packed.setGraphicsMode = false;
  return await chromium.launch({
    // Unpacked into the temporary directory on first use.
    executablePath: named ?? (await packed.executablePath()),
    // Without these two a page lives in the browser's own process, and a closed page takes the browser with it.
    args: packed.args.filter((arg) => arg !== '--single-process' && arg !== '--no-zygote'),
    headless: true,
  });
}
