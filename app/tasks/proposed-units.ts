import { foldForSearch } from '#db/search-text.ts'

export interface ProposedUnits {
  lead: string | null
  coordinating: string[]
}

/**
 * Reads the units out of a proposal in words: "Giao Cục TMĐT và KTS chủ trì, phối hợp với Vụ Pháp chế trả lời". Units named
 * before "chủ trì" may lead, those after "phối hợp" coordinate. What cannot be told for certain is left out: it is only a prefilling.
 */
export function proposedUnits(
  proposal: string | null,
  units: readonly { code: string; name: string; notation: string | null }[],
): ProposedUnits {
  const text = ` ${foldForSearch(proposal ?? '')} `
  const found = units
    .map(({ code, name, notation }) => {
      const abbreviation = notation?.split('-').at(-1) ?? code
      const names = [name, abbreviation, code].map((each) => ` ${foldForSearch(each)} `)
      const places = names.map((each) => text.indexOf(each)).filter((at) => at >= 0)
      return { code, at: places.length > 0 ? Math.min(...places) : -1 }
    })
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
  const leads = text.indexOf(' chu tri ')
  const coordinates = text.indexOf(' phoi hop ')
  if (leads < 0) return { lead: null, coordinating: [] }
  const before = found.filter(({ at }) => at < leads)
  const lead = before.length === 1 && (coordinates < 0 || coordinates > leads) ? (before[0]?.code ?? null) : null
  const coordinating = coordinates > leads ? found.filter(({ at }) => at > coordinates).map(({ code }) => code) : []
  return { lead, coordinating: coordinating.filter((code) => code !== lead) }
}
