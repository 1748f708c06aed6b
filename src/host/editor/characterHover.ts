import * as vscode from 'vscode';
import { networkOf } from '../../network/network.ts';
import type { CharacterScores } from '../../protocol/study.ts';
import { hoverText, type HoverFacts, type CharacterScore } from './hoverText.ts';
import { type Fitting, type InspectedRuns, rangeOf } from './inspectedRuns.ts';
import { readingAt } from './inspectedWindow.ts';
import { questionOf } from './scoredSpan.ts';
import type { LossShading } from './lossShading.ts';
import type { EditorSettings } from './settings.ts';
import type { Span } from './symbolText.ts';

/** Likeliest symbols in the place of a character. */
const TOP = 5;

/** Tells of a character of a run's file what the network expected in its place, and where it lies in the inspected window. */
export class CharacterHover implements vscode.HoverProvider {
  readonly #runs: InspectedRuns;
  readonly #settings: EditorSettings;
  readonly #shading: LossShading;

  constructor(runs: InspectedRuns, settings: EditorSettings, shading: LossShading) {
    this.#runs = runs;
    this.#settings = settings;
    this.#shading = shading;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const fitting = this.#settings.isOn('characterHover') ? this.#runs.fitting(document) : undefined;
    if (fitting === undefined) return undefined;
    const span = fitting.text.characterAt(document.offsetAt(position));
    if (span.from === span.to) return undefined;
    const { version } = document;
    const score = await this.#score(document, fitting, span);
    if (document.version !== version) return undefined;
    const character = fitting.text.text.slice(span.from, span.to);
    const text = hoverText({ character, score, window: windowAt(fitting, span) });
    return new vscode.Hover(new vscode.MarkdownString(text), rangeOf(document, span));
  }

  /** What the shade shows, where there is one, so that both say the same; else what the network says now. */
  async #score(document: vscode.TextDocument, fitting: Fitting, span: Span): Promise<HoverFacts['score']> {
    const symbols = fitting.run.study.session.description.facts?.vocabulary ?? [];
    const scored = this.#shading.scoredAt(document, span.from);
    if (scored !== undefined) {
      const at = scored.scores.offsets.indexOf(span.from - scored.span.from);
      if (at >= 0) return scoreOf(scored.scores, at, symbols);
    }
    try {
      const { before, text } = questionOf(fitting.text, span);
      return scoreOf(await fitting.run.study.score(before, text), 0, symbols);
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }
}

function scoreOf(scores: CharacterScores, at: number, symbols: readonly string[]): CharacterScore {
  const ids = scores.topIds.subarray(at * TOP, (at + 1) * TOP);
  const alternatives = Array.from(ids, (id, rank) => ({ id, probability: scores.topProbability[at * TOP + rank] }))
    .filter(({ id }) => id >= 0)
    .map(({ id, probability }) => ({ symbol: symbols[id], probability }));
  return { iteration: scores.iteration, lossNats: scores.lossNats[at], alternatives };
}

function windowAt({ run, text }: Fitting, span: Span): HoverFacts['window'] {
  const { tape } = run.study;
  const reading = tape && readingAt(networkOf(run.study.session.description.settings), text, tape, span.from);
  if (tape === undefined || reading === undefined) return undefined;
  return { ...reading, stream: tape.stream, iteration: tape.iteration, T: tape.inputs.length };
}
