/** What is used of svgcanvas, which comes without types. */
declare module 'svgcanvas' {
  /** A canvas's context that makes SVG of what is drawn; `canvas` is the context itself. */
  interface RecordingContext extends CanvasRenderingContext2D {
    getSvg(): SVGSVGElement;
    /** The group that what is drawn next is put into. Not documented, as are those below: the version is pinned. */
    __closestGroupOrSvg(): SVGElement;
    __createElement(
      name: string,
      attributes: Readonly<Record<string, string | number>>,
      unpainted: boolean,
    ): SVGElement;
    __applyTransformation(element: SVGElement): void;
    /** Gives the current element the styles of the context. */
    __applyStyleToCurrentElement(kind: 'fill' | 'stroke'): void;
    __currentElement: SVGElement;
  }
  export const Context: new (options: { readonly width: number; readonly height: number }) => RecordingContext;
}
