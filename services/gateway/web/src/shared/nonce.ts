/** Gives every style element that a library adds the page's nonce: antd's scroll lock asks for none of its own accord. */

/** The nonce under which style elements may be added; the gateway writes a new one into every page. */
export function pageNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content || undefined;
}

/** Called once, before anything is drawn. Scripts are bound to our own files, so nothing foreign can make use of it. */
export function stampStyles(nonce: string): void {
  const create = document.createElement.bind(document) as (tag: string, options?: ElementCreationOptions) => HTMLElement;
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
