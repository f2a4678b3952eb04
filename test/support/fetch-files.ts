import { eachFile } from '../../src/feeds/sources/index.ts';

/** Everything that is new at a source. What came before an error stays where it is, as with the function itself. */
export async function fetchFiles(...call: Parameters<typeof eachFile>) {
  const files = [];
  for await (const file of eachFile(...call)) files.push(file);
  return files;
}
