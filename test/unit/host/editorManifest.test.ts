import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FEATURE_NAMES, FEATURES } from '../../../src/protocol/editorSettings.ts';
import { LOSS_CLASSES } from '../../../src/common/lossClasses.ts';
import { shownManifest } from '../../packageJson.ts';

type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';
interface Manifest {
  contributes: {
    commands: { command: string; title: string }[];
    colors: { id: string; defaults: Record<ThemeKind, string> }[];
  };
}
const { contributes } = shownManifest() as Manifest;

/** Background and text of VS Code's own themes: Dark Modern, Light Modern and the two of high contrast. */
const THEMES: Readonly<Record<ThemeKind, readonly [ground: string, text: string]>> = {
  dark: ['#1f1f1f', '#cccccc'],
  light: ['#ffffff', '#3b3b3b'],
  highContrast: ['#000000', '#ffffff'],
  highContrastLight: ['#ffffff', '#292929'],
};

/** Red, green, blue and alpha, 0 … 1. */
function channels(color: string): number[] {
  return [1, 3, 5, 7].map((at) => (at < color.length ? parseInt(color.slice(at, at + 2), 16) / 255 : 1));
}

function over(ground: string, color: string): number[] {
  const [below, above] = [channels(ground), channels(color)];
  return [0, 1, 2].map((at) => below[at] + above[3] * (above[at] - below[at]));
}

/** WCAG 2.2, relative luminance. */
function luminance(color: readonly number[]): number {
  const [red, green, blue] = color.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

suite('the manifest', () => {
  test('offers a command for every feature of the editor, and no other', () => {
    const toggles = contributes.commands.filter(({ command }) => command.startsWith('rnnInspector.toggle'));
    assert.deepEqual(
      toggles.map(({ command, title }) => [command, title.toLowerCase()]),
      FEATURE_NAMES.map((feature) => {
        const { command, label } = FEATURES[feature];
        return [`rnnInspector.${command}`, `toggle ${label.toLowerCase()}`];
      }),
    );
  });

  test('has a colour for every shade but the likeliest’s in every kind of theme, each stronger than the one before', () => {
    for (const [kind, [ground]] of Object.entries(THEMES)) {
      const shades = shadesOf(kind as ThemeKind);
      assert.equal(shades.length, LOSS_CLASSES - 1, 'the likeliest characters are not shaded');
      const distances = [1, ...shades.map((shade) => contrast(over(ground, shade), over(ground, ground)))];
      for (let shade = 1; shade < distances.length; shade++) {
        assert.ok(distances[shade] > distances[shade - 1] * 1.04, `${kind}: ${distances.join(', ')}`);
      }
    }
  });

  test('text stays readable on every shade: a contrast of 4.5 to 1 or more', () => {
    for (const [kind, [ground, text]] of Object.entries(THEMES)) {
      for (const shade of shadesOf(kind as ThemeKind)) {
        assert.ok(contrast(over(ground, shade), over(ground, text)) >= 4.5, `${kind}: ${shade}`);
      }
    }
  });

  test('the marks stand out from the ground of every kind of theme: 3 to 1 or more', () => {
    for (const id of ['rnnInspector.trainingWindow', 'rnnInspector.chosenStep']) {
      const color = contributes.colors.find((offered) => offered.id === id);
      for (const [kind, [ground]] of Object.entries(THEMES)) {
        const mark = color?.defaults[kind as ThemeKind] ?? ground;
        assert.ok(contrast(over(ground, mark), over(ground, ground)) >= 3, `${id} in ${kind}`);
      }
    }
  });
});

function shadesOf(kind: ThemeKind): string[] {
  const shades = contributes.colors.filter(({ id }) => id.startsWith('rnnInspector.lossShade'));
  return shades.map(({ defaults }) => defaults[kind]);
}
