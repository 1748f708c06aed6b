import { DecadeScale } from '../../charts/decadeScale.ts';
import type { PanelContext, View } from '../view.ts';
import { DecayView } from './decayView.ts';
import { HorizonView } from './horizonView.ts';
import { InfluenceView, type InfluenceScale } from './influenceView.ts';
import { LagView } from './lagView.ts';
import { PathView } from './pathView.ts';
import { SaturationView } from './saturationView.ts';
import { SingularView } from './singularView.ts';
import { SpectrumView } from './spectrumView.ts';
import { TanhView } from './tanhView.ts';
import { WaitingView } from './waitingView.ts';
import { WindowBar } from './windowBar.ts';

/** The views of the tab *Memory*, from top to bottom. */
export function memoryViews(context: PanelContext): View[] {
  const scale: InfluenceScale = { mode: 'absolute', absolute: new DecadeScale() };
  return [
    new WindowBar(context),
    new WaitingView(context),
    new InfluenceView(context, scale),
    new PathView(context, scale),
    new LagView(context),
    new HorizonView(context),
    new DecayView(context),
    new SaturationView(context),
    new TanhView(context),
    new SpectrumView(context),
    new SingularView(context),
  ];
}
