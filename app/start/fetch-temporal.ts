/** Makes sure that a Temporal development server is on this machine: for tests and for installing ahead of the first start. */
import { consoleLanguage, createVoice } from './say.ts'
import { StartError } from './start-error.ts'
import { findTemporal } from './temporal-binary.ts'

const voice = createVoice(consoleLanguage(), process.stdout, process.stderr)
try {
  const { path, way } = process.env.TEMPORAL_ADDRESS
    ? { path: process.env.TEMPORAL_ADDRESS, way: 'address' }
    : await findTemporal({ onProgress: (sentence) => voice.say(sentence) })
  voice.say({ vi: `Temporal: ${path} (${way})`, en: `Temporal: ${path} (${way})` })
} catch (error) {
  if (!(error instanceof StartError)) throw error
  voice.fail(error)
  process.exitCode = 1
}
