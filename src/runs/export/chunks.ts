/** Characters that are handed on together: many lines a chunk, and never a whole run. */
const CHUNK_CHARACTERS = 2 ** 16;

/** Lines joined to chunks of about CHUNK_CHARACTERS, in order. */
export async function* inChunks(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
