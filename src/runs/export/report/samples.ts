import { groupDigits } from '../../../common/format.ts';
import { classLabels, lossClass } from '../../../common/lossClasses.ts';
import type { Sample } from '../../../protocol/run.ts';
import type { ExportedRun } from '../exportedRun.ts';
import { markup, type Content, type Markup } from './markup.ts';

const MOST_SAMPLES = 3;
const MOST_CHARACTERS = 2000;

/** The last texts that the network wrote, each character shaded by its loss under the network itself. */
export function samplesSection({ history }: ExportedRun): Markup {
  const samples = history.of('sample').slice(-MOST_SAMPLES).reverse();
  if (samples.length === 0) return markup`<p class="absent">No text was sampled in this run.</p>`;
  const shades = classLabels('nats').map(
    (label, index) => markup`<li><span class="shade-${index}">${label}</span></li>`,
  );
  return markup`${samples.map(sampleFigure)}
<div class="shades"><span>Loss of a character under the network itself, at temperature 1, nats:</span><ul>${shades}</ul></div>`;
}

function sampleFigure({ iteration, temperature, topK, prompt, characters, probability }: Sample): Markup {
  const shown = characters.slice(0, MOST_CHARACTERS);
  const cut =
    shown.length < characters.length
      ? `; the first ${groupDigits(shown.length)} of ${groupDigits(characters.length)} characters`
      : '';
  return markup`<figure class="sample"><figcaption>After ${groupDigits(iteration)} iterations, at temperature ${temperature}${
    topK > 0 ? `, drawn from the ${topK} likeliest characters` : ''
  }${cut}</figcaption><p class="text" dir="auto"><span class="prompt">${promptText(prompt)}</span>${runsOf(shown, probability)}</p></figure>`;
}

/** A line end alone would not be seen. It is drawn, not written: copied text stays what it is. */
function promptText(prompt: string): Content[] {
  return Array.from(prompt, (character) => (character === '\n' ? markup`<span class="end">\n</span>` : character));
}

/** Neighbours of one shade stand together, so that letters that join each other still do. */
function runsOf(characters: readonly string[], probability: Float32Array): Markup[] {
  const runs: { shade: number; text: string }[] = [];
  for (const [index, character] of characters.entries()) {
    const shade = lossClass(-Math.log(probability[index])) ?? 0;
    const last = runs.at(-1);
    if (last?.shade === shade) last.text += character;
    else runs.push({ shade, text: character });
  }
  return runs.map(({ shade, text }) => markup`<span class="shade-${shade}">${text}</span>`);
}
