import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawnXml, forEach, service, task, timerBoundary } from '#bpmn/drawn.ts'
import { MAX_FILE_BYTES } from '#bpmn/lint.ts'
import type { LintedFile } from './flow-lint.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
const at = (name: string) => path.join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-flows-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ran {
  code: number
  out: string
  err: string
}

function imoit(words: string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'app/cli/imoit.ts', ...words], {
    cwd: root,
    env: { ...process.env, LC_ALL: 'C' },
  })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.on('data', (part: Buffer) => out.push(part.toString()))
  child.stderr.on('data', (part: Buffer) => err.push(part.toString()))
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, out: out.join(''), err: err.join('') }))
  })
}

const sound = drawnXml(`<startEvent id="s"/>${task('a')}<endEvent id="e"/>\n s -> a\n a -> e\n`)
const broken = drawnXml(`<startEvent id="s"/>${task('a')}<endEvent id="e"/>\n s -> a\n a -> e\n e -> a\n`)

describe('flow lint', () => {
  it('prints a line of JSON for every file, whatever it is, and exits with 1 where one is not ok', async () => {
    await writeFile(at('sound.bpmn'), sound)
    await writeFile(at('broken.bpmn'), broken)
    await writeFile(at('no-xml.bpmn'), 'nothing of the kind')
    await mkdir(at('folder.bpmn'))
    await writeFile(at('large.bpmn'), '')
    await truncate(at('large.bpmn'), MAX_FILE_BYTES + 1)
    const names = ['sound', 'broken', 'no-xml', 'folder', 'large', 'absent'].map((name) => at(`${name}.bpmn`))
    const ran = await imoit(['flow', 'lint', ...names])
    expect(ran).toMatchObject({ code: 1, err: '' })
    const lines = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LintedFile)
    expect(lines.map(({ file }) => file)).toEqual(names)
    expect(lines.map(({ ok }) => ok)).toEqual([true, false, false, false, false, false])
    expect(lines[1]?.problems).toContainEqual({
      rule: 'EXT104',
      element: 'e',
      severity: 'error',
      message: expect.stringContaining('"e"') as string,
    })
    expect(lines.slice(2).map(({ problems }) => problems.map(({ rule }) => rule))).toEqual([
      ['xml'],
      ['unreadable'],
      ['size'],
      ['unreadable'],
    ])
    expect((await imoit(['flow', 'lint', at('sound.bpmn')])).code).toBe(0)
  })

  it('says the same in words', async () => {
    const ran = await imoit(['flow', 'lint', '--text', path.join(root, 'bpmn/diagrams/incoming-document.bpmn')])
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/incoming-document\.bpmn: ok\n$/) as string })
  })
})

describe('flow roundtrip', () => {
  it('names what is lost, and exits with 1', async () => {
    await writeFile(at('sound.bpmn'), sound)
    await writeFile(
      at('lost.bpmn'),
      sound.replace('<endEvent id="e"/>', '<endEvent id="e" default="nowhere"/><task id="t" default="nowhere"/>'),
    )
    expect(await imoit(['flow', 'roundtrip', at('sound.bpmn')])).toMatchObject({
      code: 0,
      out: `${at('sound.bpmn')}: nothing is lost\n`,
    })
    const ran = await imoit(['flow', 'roundtrip', at('sound.bpmn'), at('lost.bpmn')])
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('task t/@default: lost "nowhere"')
  })
})

describe('flow run', () => {
  it('is led through tasks, timers, messages and calls by the lines of a pipe', async () => {
    const flow = drawnXml(
      `<startEvent id="s"/>${task('a')}${timerBoundary('late', 'a', 'PT2H', false)}${task('chase')}
      ${service('b', 'send')}<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
      <userTask id="each">${forEach('=items', 'item').replace('"==', '"=')}</userTask><endEvent id="e"/><endEvent id="e2"/>
      s -> a\n late -> chase\n chase -> e2\n a -> b\n b -> c\n c -> each\n each -> e\n`,
      '<message id="m" name="reply"/>',
    )
    await writeFile(at('run.bpmn'), flow)
    const commands = [
      'complete 9',
      'time',
      'complete 2 reminded',
      'complete 1 approved {"x": 1}',
      'fail 1 offline no line',
      'retry 1',
      'answer 1 {"number": 7}',
      'message nobody',
      'message reply {"text": "yes"}',
      '1',
      '1',
      'never read',
    ]
    const ran = await imoit(['flow', 'run', at('run.bpmn'), '--vars', '{"items": [1, 2]}'], commands.join('\n'))
    expect(ran).toMatchObject({ code: 0, err: '' })
    for (const said of [
      '1. task a for role:clerk',
      'There is no number 9',
      'late → chase',
      '1. call b of send',
      'INCIDENT at b: no line',
      'c: waits for the message reply',
      'Without effect: nothing waits for the message nobody',
      '2. task each for nobody yet',
      'The case has ended: completed',
      'Variables: {"items":[1,2],"x":1,"number":7,"text":"yes"}',
    ])
      expect(ran.out).toContain(said)
    expect(ran.out).not.toContain('Left over')
  })

  it('decides by the files of decisions that it is given', async () => {
    await writeFile(
      at('decides.bpmn'),
      drawnXml(
        '<startEvent id="s"/><businessRuleTask id="b"><extensionElements><zeebe:calledDecision decisionId="deadline" resultVariable="days"/></extensionElements></businessRuleTask><endEvent id="e"/>\n s -> b\n b -> e\n',
      ),
    )
    await writeFile(
      at('deadline.dmn'),
      `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">
        <inputData id="urgent" name="urgent"/><decision id="deadline" name="deadline"><informationRequirement id="r"><requiredInput href="#urgent"/></informationRequirement><literalExpression id="l"><text>if urgent then 1 else 5</text></literalExpression></decision></definitions>`,
    )
    const flow = ['flow', 'run', at('decides.bpmn'), '--vars', '{"urgent": true}']
    expect((await imoit([...flow, '--decisions', at('deadline.dmn')])).out).toContain('"days":1')
    expect(await imoit(flow)).toMatchObject({ code: 1, out: expect.stringContaining('INCIDENT at b') as string })
  })

  it('says where it stands when the lines end, and with 2 that its variables are none', async () => {
    await writeFile(at('sound.bpmn'), sound)
    expect(await imoit(['flow', 'run', at('sound.bpmn')])).toMatchObject({
      code: 0,
      out: expect.stringContaining('running') as string,
    })
    expect(await imoit(['flow', 'run', at('sound.bpmn'), '--vars', '[1]'])).toMatchObject({ code: 2 })
    await writeFile(at('no-xml.bpmn'), 'nothing of the kind')
    expect(await imoit(['flow', 'run', at('no-xml.bpmn')])).toMatchObject({ code: 2, out: '' })
  })
})

describe('flow compare', () => {
  it('prints what differs in words or as JSON', async () => {
    await writeFile(at('sound.bpmn'), sound)
    await writeFile(
      at('changed.bpmn'),
      sound.replace('name="a"', 'name="Other"').replace('<endEvent id="e"/>', '<endEvent id="e"/><task id="t"/>'),
    )
    expect(await imoit(['flow', 'compare', at('sound.bpmn'), at('changed.bpmn')])).toMatchObject({
      code: 0,
      out: 'changed userTask a "Other": name\nadded manualTask t\n',
    })
    const ran = await imoit(['flow', 'compare', at('sound.bpmn'), at('changed.bpmn'), '--json'])
    expect(JSON.parse(ran.out)).toMatchObject({
      processes: [{ process: 'drawn', differences: [{ elementId: 'a', change: 'changed' }, { elementId: 't' }] }],
    })
    expect((await imoit(['flow', 'compare', at('sound.bpmn'), at('sound.bpmn')])).out).toBe('The two are the same.\n')
  })
})
