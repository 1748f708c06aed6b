import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type DefaultTreeAdapterTypes, parse, type ParserError } from 'parse5';
import { PNG } from 'pngjs';
import type { StoredRun } from '../../../../src/protocol/storedRun.ts';
import type { Baselines, Tape } from '../../../../src/protocol/study.ts';
import { findings } from '../../../../src/runs/export/report/findings.ts';
import { reportFile } from '../../../../src/runs/export/report/index.ts';
import type { ValidRecord } from '../../../../src/runs/export/validRecords.ts';
import { exported, FACTS, inspection, rows, sample, storedRun, T, textOf, validation } from './fixtures.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../../tanh.ts';

const ABSENT = { absent: 'The network is gone, so no window can be looked into.' };
const MADE_AT = '2026-05-06T07:08:09.000Z';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

interface Page {
  readonly html: string;
  readonly elements: readonly Element[];
  /** All text of the body. */
  readonly text: string;
}

/** The report, read by a parser that does as the HTML standard says; fails where that finds an error. */
async function pageOf(run: ReturnType<typeof exported>, tape: Tape | typeof ABSENT = ABSENT): Promise<Page> {
  const html = await textOf(reportFile(run, { tape, madeAt: MADE_AT }));
  const errors: ParserError[] = [];
  const tree = parse(html, { onParseError: (error) => errors.push(error), sourceCodeLocationInfo: true });
  assert.deepEqual(errors, []);
  const elements: Element[] = [];
  let text = '';
  const visit = (node: Node): void => {
    if ('value' in node) text += node.value;
    if ('tagName' in node) elements.push(node);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  tree.childNodes.forEach(visit);
  return { html, elements, text };
}

function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((each) => each.name === name)?.value;
}

/** A run whose loss falls from 3 to 1 nats while the validation loss is least after 30 of 60 iterations. */
function fallingRun(changes: Partial<StoredRun> = {}, ...others: ValidRecord[]): ReturnType<typeof exported> {
  const falling = rows(0, 60);
  for (let i = 0; i < 60; i++) falling.rows[i * 9] = 3 - (2 * i) / 59;
  return exported(
    [falling, { type: 'inspection', value: inspection(59) }, validation(30, 1.25), validation(60, 1.5), ...others],
    changes,
  );
}

const BASELINES: Baselines = {
  uniformNats: Math.log(4),
  ngramNats: [1.38, 1.3, 1.2],
  orders: 3,
  fittedCharacters: 900,
  trainingCharacters: 900,
  measuredCharacters: 99,
  progress: 1,
};

function tape(): Tape {
  const numbers = (length: number) => Float64Array.from({ length }, (_, i) => (i + 1) / 1000);
  return {
    iteration: 59,
    stream: 1,
    streams: 2,
    position: 12,
    inputs: Int32Array.of(0, 1, 2, 3),
    targets: Int32Array.of(1, 2, 3, 0),
    predicted: Int32Array.of(1, 1, 1, 1),
    lossNats: Float64Array.of(0.1, 1, 2, 3),
    targetProbability: Float64Array.of(0.9, 0.37, 0.14, 0.05),
    stepNorm: numbers(STEP_QUANTITIES.length * T),
    stepCosine: numbers(PARAMETER_NAMES.length * T),
    totalNorm: numbers(PARAMETER_NAMES.length),
    ownNorm: numbers(T),
    futureNorm: numbers(T),
    stateNorm: numbers(T),
    partNorm: numbers(0),
    partOfNorm: numbers(0),
    gateMean: numbers(0),
  };
}

suite('the report', () => {
  test('is a page of its own: it loads nothing and runs nothing', async () => {
    const { elements } = await pageOf(fallingRun({}, sample(59, 'ab\nba')), tape());
    const policy = elements.find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy');
    assert.ok(policy);
    assert.equal(attribute(policy, 'content'), "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    const names = new Set(elements.map(({ tagName }) => tagName));
    for (const name of ['script', 'link', 'iframe', 'object', 'form', 'a', 'base']) assert.ok(!names.has(name), name);
    for (const { attrs } of elements) {
      for (const { name, value } of attrs) {
        assert.ok(!name.startsWith('on'), name);
        if (name === 'src' || name === 'href') assert.match(value, /^data:image\/png;base64,/);
        assert.doesNotMatch(value, /url\(|https?:/);
      }
    }
  });

  test('shows its pictures to those who cannot see them', async () => {
    const { elements } = await pageOf(fallingRun(), tape());
    const pictures = elements.filter((element) => element.tagName === 'img');
    assert.equal(pictures.length, STEP_QUANTITIES.length);
    for (const picture of pictures) {
      assert.match(attribute(picture, 'alt') ?? '', /^Norm of /);
      const source = attribute(picture, 'src') ?? '';
      const png = PNG.sync.read(Buffer.from(source.slice(source.indexOf(',') + 1), 'base64'));
      assert.deepEqual([png.width, png.height], [320, T]);
    }
    const plots = elements.filter((element) => attribute(element, 'role') === 'img');
    assert.equal(plots.length, 3);
    for (const { childNodes } of plots) {
      const names = childNodes.flatMap((node) => ('tagName' in node ? [node.tagName] : []));
      assert.deepEqual(names.slice(0, 2), ['title', 'desc']);
    }
    assert.equal(elements.filter(({ tagName }) => tagName === 'h1').length, 1);
    const tables = elements.filter(({ tagName }) => tagName === 'table');
    assert.ok(tables.length >= 4);
    assert.ok(
      tables.every(({ childNodes }) => childNodes.some((node) => 'tagName' in node && node.tagName === 'caption')),
    );
  });

  test('takes nothing of a file, a name or a sample for markup, and shows what would not be seen', async () => {
    const hostile =
      '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'&amp;\u202e\u0000\u001b[2J\ud800\u061c';
    const text = { uri: 'file:///x', fileName: hostile, bytes: 1, sha256: '00'.repeat(32), isKept: false };
    const facts = { ...FACTS, vocabulary: ['</td>', '<b>', '\u202e', '\u0000'] };
    const run = fallingRun(
      { text, facts, name: hostile, failure: hostile, state: 'failed', versions: { '<i>': hostile } },
      sample(59, hostile, '</span><script>'),
    );
    const { elements, text: shown, html } = await pageOf(run, tape());
    assert.ok(!elements.some(({ tagName }) => ['script', 'b', 'i'].includes(tagName)));
    assert.equal(elements.filter(({ tagName }) => tagName === 'img').length, STEP_QUANTITIES.length);
    assert.ok(
      shown.includes('</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'&amp;U+202E␀␛[2JU+D800U+061C'),
    );
    // oxlint-disable-next-line no-control-regex -- none of them may be in the page
    assert.doesNotMatch(html, /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\u061c]/);
    assert.ok(html.isWellFormed());
  });

  test('says why there is no tape', async () => {
    assert.ok((await pageOf(fallingRun())).text.includes(ABSENT.absent));
  });

  test('shows the window that was chosen, each character with its loss', async () => {
    const { text, elements } = await pageOf(fallingRun(), tape());
    assert.ok(text.includes('stream 2 of 2, iteration 59'));
    const list = elements.find((element) => attribute(element, 'class') === 'tape');
    assert.equal(list?.childNodes.length, T);
    assert.ok(text.includes('a⏎') || text.includes('b⏎'));
  });

  test('lists the settings that differ first', async () => {
    const { text } = await pageOf(fallingRun());
    assert.ok(text.includes('hiddenSize 8, sequenceLength 4, batchSize 2; the others as by default'));
  });

  test('says which settings were others before', async () => {
    const change = { iteration: 1200, before: { learningRate: 0.01 }, after: { learningRate: '<b>' } };
    const { text } = await pageOf(fallingRun({ settingChanges: [change] }));
    assert.match(text, /changed\s*at iteration 1.200 learningRate 0\.01 → <b>/u);
  });

  test('says of what it is a fork, by the name that the run went by and its id', async () => {
    const forkedFrom = { runId: 'parent', iteration: 1200, label: '<deep>', ownFrom: 1200 };
    assert.match((await pageOf(fallingRun({ forkedFrom }))).text, /forked from\s*<deep> \(parent\), iteration 1.200/u);
    const unnamed = { runId: 'parent', iteration: 7 };
    assert.match((await pageOf(fallingRun({ forkedFrom: unnamed }))).text, /forked from\s*parent, iteration 7/);
  });

  test('says what of the records could not be used', async () => {
    const problems = ['20 of 40 iterations have no numbers.'];
    const { text } = await pageOf({ ...fallingRun(), problems });
    assert.match(text, /missing\s*20 of 40 iterations have no numbers\./);
  });

  test('says what was assumed of weights from elsewhere, and what their first loss means', async () => {
    const imported = {
      fileName: '<net>.safetensors',
      assumptions: ['The ids are those of the sorted symbols.'],
      notes: [],
      firstLossNats: 9,
    };
    const { text } = await pageOf(fallingRun({ imported }));
    assert.match(text, /weights from\s*<net>\.safetensors/);
    assert.match(text, /assumed\s*The ids are those of the sorted symbols\./);
    assert.match(text, /first loss\s*Its first loss on this text was 9\.000 nats, above ln V/);
  });

  test('is the same whenever and wherever it is made of the same run', async () => {
    assert.equal((await pageOf(fallingRun())).html, (await pageOf(fallingRun())).html);
  });

  test('can be made of a run that did nothing, and of one whose numbers are not finite', async () => {
    const nothing = await pageOf(exported([], { state: 'stopped' }));
    assert.ok(nothing.text.includes('No iteration was done'));
    const bad = rows(0, 5);
    bad.rows.fill(NaN, 18);
    const lost = inspection(4);
    lost.stepNorm.fill(NaN);
    const notFinite = { iteration: 2, quantity: 'loss', timeStep: 3, message: 'The loss is not a number.' } as const;
    const { text, html } = await pageOf(
      exported([bad, { type: 'inspection', value: lost }, validation(5, NaN)], { state: 'failed', notFinite }),
    );
    assert.ok(text.includes('The loss is not a number.'));
    assert.doesNotMatch(html, /="NaN|NaN%|d="[^"]*NaN/);
  });
});

suite('the findings', () => {
  test('name the lowest validation loss and where it was, and what training came to', () => {
    const [best, last] = findings(fallingRun());
    assert.equal(
      best,
      `The lowest validation loss is 1.250 nats per character (${(1.25 / Math.LN2).toFixed(3)} bits), a perplexity of 3.49, after 30 iterations.`,
    );
    assert.match(last, /^The last validation loss, after 60 iterations, is 1\.500 nats/);
  });

  test('of a fork name the lowest validation loss since the fork', () => {
    const forkedFrom = { runId: 'parent', iteration: 40, ownFrom: 40 };
    assert.match(findings(fallingRun({ forkedFrom }))[0], /^The lowest validation loss since the fork is 1\.500 nats/);
    const [none] = findings(fallingRun({ forkedFrom: { ...forkedFrom, ownFrom: 60 } }));
    assert.match(none, /^The network was not validated since the fork, so nothing says how good its loss is\./);
  });

  test('of a run that diverged say so first of what is notable, and judge no sign as good', async () => {
    const diverged = rows(0, 200);
    for (let i = 0; i < 200; i++) diverged.rows.set([i < 3 ? 1.39 : 30, 2, 1], i * 9);
    const vitals = { iteration: 199, updateToWeight: 1e-3, saturation: 0.1 };
    const run = exported([diverged, validation(200, 30), { type: 'vitals', value: vitals }]);
    assert.ok(
      findings(run).some((text) => text.startsWith('Training has diverged: the loss is 30.000 nats, above the 1.386')),
    );
    const { text } = await pageOf(run);
    assert.match(text, /saturated activations\s*10.%\s*not judged/);
  });

  test('compare with the baselines, and with the source’s entropy where it is known', () => {
    const run = fallingRun({ facts: { ...FACTS, knownEntropyNats: 1 } }, { type: 'baselines', baselines: BASELINES });
    const text = findings(run).join(' ');
    assert.ok(text.includes('That is better than a 2-gram (1.300); next by loss is a 3-gram (1.200).'), text);
    assert.ok(text.includes('the network is 0.250 above what can be reached'), text);
  });

  test('tell what the health strip alarms about', () => {
    const vitals = { iteration: 59, updateToWeight: 0.5, saturation: 0.95 };
    const text = findings(fallingRun({}, { type: 'vitals', value: vitals })).join(' ');
    assert.ok(text.includes('95\u202f% of the activations are saturated.'), text);
  });

  test('tell which steps make the gradient of W_ah', () => {
    const text = findings(fallingRun()).join(' ');
    assert.ok(text.includes('from 0.100 at t = 0 to 0.130 at t = 3, 1.30 times as much'), text);
  });

  test('without validation say that nothing tells how good the loss is', () => {
    const facts = { ...FACTS, validationCharacters: 0 };
    const [first] = findings({ ...exported([rows(0, 3)]), run: storedRun({ facts }) });
    assert.match(first, /^This run keeps no validation text, so nothing says how good its loss is\./);
  });
});
