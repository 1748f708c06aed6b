import type { RunDescription } from '../../protocol/panel.ts';
import { describeKernels } from '../../protocol/run.ts';
import { unusualNetwork } from '../../protocol/settings.ts';
import { groupDigits } from '../../common/format.ts';

/** What made the curves on the screen: text, shape, optimizer and the settings that change them. Empty before the text is read. */
export function factsText({ facts, settings }: RunDescription): string {
  if (facts === undefined) return '';
  const { hiddenSize, sequenceLength, batchSize, optimizer, learningRate, clipNorm, reduction, seed } = settings;
  const text =
    `${groupDigits(facts.trainingCharacters)} characters` +
    (facts.validationCharacters > 0
      ? `, ${groupDigits(facts.validationCharacters)} for validation`
      : ', no validation');
  const sizes = { V: facts.vocabulary.length, H: hiddenSize, T: sequenceLength, B: batchSize };
  const shape = Object.entries(sizes).map(([name, size]) => `${name} = ${groupDigits(size)}`);
  shape.push(...unusualNetwork(settings));
  const clipping = clipNorm === 0 ? 'no clipping' : `clip ${clipNorm}`;
  return [text, shape.join(', '), `${optimizer} ${learningRate}, ${clipping}, ${reduction} loss`, `seed ${seed}`]
    .concat(`${groupDigits(facts.parameterCount)} parameters`, describeKernels(facts))
    .map((part) => part.replaceAll(/ (?==)|(?<==) /g, '\u00a0'))
    .join(' · ');
}
