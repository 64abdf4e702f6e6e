/** The room of a person's signature on a page, points: what `signing/appearance` draws into (NĐ 30/2020 leaves about 30 mm). */
export const ROOM = { width: 150, height: 64 }
