import { ToPanel, type FromPanel } from '../protocol/panel.ts';
import { PageBridge } from './pageBridge.ts';

/** The panel's end of the boundary to the host. */
export class Bridge extends PageBridge<typeof ToPanel, FromPanel> {
  constructor() {
    super(ToPanel);
  }
}
