import { readFile } from 'node:fs/promises'
import { decodeXml } from '#bpmn/decode-xml.ts'
import { roundTrip } from '#bpmn/roundtrip.ts'
import type { Language } from '../language.ts'

/** Opens and exports one file. A line for each difference in meaning, then one for the file. Throws what reading it throws. */
export async function roundTripFile(file: string, language: Language): Promise<{ lines: string[]; same: boolean }> {
  const { text, problem } = decodeXml(await readFile(file))
  const result = await roundTrip(text)
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  if (!result.ok || problem !== null) {
    const why = result.ok ? say(`không phải văn bản ${problem}`, `no text in ${problem}`) : result[language]
    return { lines: [`${file}: ${why}`], same: false }
  }
  const { losses } = result
  const verdict =
    losses.length === 0
      ? say('không mất gì', 'nothing is lost')
      : say(`${losses.length} khác biệt`, `${losses.length} differences`)
  return {
    lines: [...losses.map((loss) => `${loss.path}: ${loss[language]}`), `${file}: ${verdict}`],
    same: losses.length === 0,
  }
}
