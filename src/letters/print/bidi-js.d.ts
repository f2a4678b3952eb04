/** As much of `bidi-js`, which comes without types, as is used here. */
declare module 'bidi-js' {
  interface Levels {
    readonly levels: Uint8Array;
  }

  interface Bidi {
    getEmbeddingLevels(text: string, direction?: 'ltr' | 'rtl' | 'auto'): Levels;
    /** The mirrored form of a bracket and the like; null when it has none. */
    getMirroredCharacter(character: string): string | null;
  }

  // biome-ignore lint/style/noDefaultExport: it is what the package has
  export default function bidiFactory(): Bidi;
}
