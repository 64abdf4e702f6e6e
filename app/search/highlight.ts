import { foldForSearch } from '#db/search-text.ts'

export interface Piece {
  text: string
  hit: boolean
}

/** Cuts a text where words of what was asked stand in it, accents or not, as the search itself finds them. */
export function highlight(text: string, asked: string): Piece[] {
  const words = foldForSearch(asked).split(' ').filter(Boolean)
  const letters = [...text.normalize('NFC')]
  // Each letter folds by itself, so that a place in the folded text is a place in the text.
  const folded: string[] = []
  const from: number[] = []
  letters.forEach((letter, index) => {
    for (const each of foldForSearch(letter) || ' ') {
      folded.push(each)
      from.push(index)
    }
  })
  const plain = folded.join('')
  const hits = letters.map(() => false)
  for (const word of words) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) {
      for (let index = at; index < at + word.length; index += 1) hits[from[index] ?? 0] = true
    }
  }
  const pieces: Piece[] = []
  letters.forEach((letter, index) => {
    const hit = hits[index] ?? false
    const last = pieces.at(-1)
    if (last?.hit === hit) last.text += letter
    else pieces.push({ text: letter, hit })
  })
  return pieces
}
