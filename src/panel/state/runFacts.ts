import type { RunDescription } from '../../protocol/panel.ts';
import { describeKernels } from '../../protocol/run.ts';
import { settingInLists, unusualNetwork } from '../../protocol/settings.ts';
import { groupDigits } from '../../common/format.ts';
import {
  kernelsWords,
  PARAMETERS_WORDS,
  reductionWords,
  settingWords,
  textWords,
  vocabularyWords,
} from '../network/settingWords.ts';

/** A figure of the settings line, and what it means. */
export interface Fact {
  readonly text: string;
  readonly words: string;
}

/** What made the curves on the screen: text, shape, optimizer and the settings that change them. Empty before the text is read. */
export function factGroups({ facts, settings }: RunDescription): readonly (readonly Fact[])[] {
  if (facts === undefined) return [];
  const { hiddenSize, sequenceLength, batchSize, optimizer, learningRate, clipNorm, reduction, seed, tokens } =
    settings;
  const validation = facts.validationCharacters;
  const size = (name: string, value: number): string => `${name} = ${groupDigits(value)}`;
  const unusual = unusualNetwork(settings);
  const network = (['cell', 'layers'] as const).filter((name) =>
    unusual.includes(settingInLists(name, settings[name])),
  );
  const groups: readonly (readonly Fact[])[] = [
    [
      { text: `${groupDigits(facts.trainingCharacters)} ${tokens}`, words: textWords(settings, 'training') },
      {
        text: validation > 0 ? `${groupDigits(validation)} for validation` : 'no validation',
        words: textWords(settings, 'validation'),
      },
    ],
    [
      { text: size('V', facts.vocabulary.length), words: vocabularyWords(settings) },
      { text: size('H', hiddenSize), words: settingWords('hiddenSize', hiddenSize) },
      { text: size('T', sequenceLength), words: settingWords('sequenceLength', sequenceLength) },
      { text: size('B', batchSize), words: settingWords('batchSize', batchSize) },
      ...network.map((name) => ({
        text: settingInLists(name, settings[name]),
        words: settingWords(name, settings[name]),
      })),
    ],
    [
      {
        text: `${optimizer} ${learningRate}`,
        words: `${settingWords('optimizer', optimizer)} ${settingWords('learningRate', learningRate)}`,
      },
      { text: clipNorm === 0 ? 'no clipping' : `clip ${clipNorm}`, words: settingWords('clipNorm', clipNorm) },
      { text: `${reduction} loss`, words: reductionWords(settings) },
    ],
    [{ text: `seed ${seed}`, words: settingWords('seed', seed) }],
    [{ text: `${groupDigits(facts.parameterCount)} parameters`, words: PARAMETERS_WORDS }],
    [{ text: describeKernels(facts), words: kernelsWords(facts) }],
  ];
  return groups.map((group) =>
    group.map(({ text, words }) => ({ text: text.replaceAll(/ (?==)|(?<==) /g, '\u00a0'), words })),
  );
}

/** The same in a line. */
export function factsText(description: RunDescription): string {
  return factGroups(description)
    .map((group) => group.map(({ text }) => text).join(', '))
    .join(' · ');
}
