import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { finish } from '../../../src/common/work.ts';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import type { NetworkChoice } from '../../../src/network/network.ts';
import { handScript } from '../../../src/panel/views/numbers/handScript.ts';
import { pythonText } from '../../../src/panel/views/numbers/pythonWords.ts';
import { numpyPython, runPython, withoutNumpy } from '../runs/export/python.ts';
import { smallWindow } from '../study/smallWindows.ts';

/** Symbols that a literal must not end at. */
const SYMBOLS = ['"', '\\', '\n', '𝄞'];

function scriptOf(choice: NetworkChoice, reduction: 'mean' | 'sum' = 'mean'): string {
  const { network, study } = smallWindow(choice, {}, reduction);
  const numbers = finish(study.numbers({ iteration: 3, stream: 1 }));
  return handScript(network, numbers, { fileName: 'a "text"\n.txt', symbols: SYMBOLS, reduction });
}

suite('the script of a window', { skip: withoutNumpy }, () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'hand-script-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(script: string): Promise<Awaited<ReturnType<typeof runPython>>> {
    const path = join(folder, 'window.py');
    await writeFile(path, script);
    return runPython([path], {}, numpyPython);
  }

  for (const cell of CELL_NAMES) {
    for (const layers of [1, 2]) {
      test(`finds in NumPy every number that is shown: ${cell}, ${layers} layers`, async () => {
        const { code, out } = await run(scriptOf({ cell, layers }, layers === 1 ? 'mean' : 'sum'));
        assert.equal(code, 0, out);
        const { network } = smallWindow({ cell, layers });
        // The loss, each quantity, each error but that of the probabilities, each gradient.
        const compared = 1 + 2 * network.quantities.length - 1 + network.parameters.length;
        assert.equal(out.match(/is the largest difference$/gm)?.length, compared, out);
        assert.match(out, /every number is the one that the panel shows/);
      });
    }
  }

  test('ends with an error, and says of what, where a number is another one', async () => {
    const script = scriptOf({ cell: 'tanh', layers: 1 });
    const changed = script.replace(/("dW_ah": np\.array\(\[\n {4}\[)[^,]+/, '$10.125');
    assert.notEqual(changed, script);
    const { code, out } = await run(changed);
    assert.equal(code, 1);
    assert.match(out, /AssertionError: dW_ah/);
  });
});

test('a text is one literal in one line, whatever stands in it', () => {
  assert.equal(pythonText('a"\\\n\u2028\u0085'), '"a\\"\\\\\\n\\u2028\\u0085"');
});
