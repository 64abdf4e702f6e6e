import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { decodeXml } from '#bpmn/decode-xml.ts'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import { parseFlow } from '#bpmn/parse.ts'
import type { Language } from '../language.ts'
import { compareFiles, compareReport } from './flow-compare.ts'
import { lintFile, lintReport } from './flow-lint.ts'
import { roundTripFile } from './flow-roundtrip.ts'
import { FlowRun, readVariables, runFlow } from './flow-run.ts'
import { testFlows } from './flow-test.ts'
import { print } from './print.ts'

/** What an administrator does with flows that has no screen. */
export function addFlowCommands(program: Command, language: Language): void {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  const flow = program.command('flow').description(say('Quy trình', 'Flows'))

  flow
    .command('lint')
    .description(
      say(
        'kiểm tra các tệp BPMN theo tiêu chuẩn và theo những gì chạy được: mỗi tệp một dòng JSON',
        'check BPMN files by the standard and by what can be run: a line of JSON each',
      ),
    )
    .argument('<files...>', say('các tệp .bpmn', '.bpmn files'))
    .option('--text', say('viết thành lời', 'write it in words'))
    .action(async (files: string[], options: { text?: boolean }) => {
      for (const file of files) {
        const linted = await lintFile(file, language)
        await print(options.text ? lintReport(linted, language) : JSON.stringify(linted))
        if (!linted.ok) process.exitCode = 1
      }
    })

  flow
    .command('roundtrip')
    .description(
      say(
        'mở rồi xuất lại từng tệp và nêu những gì bị khác đi',
        'open and export each file, and say what differs in meaning',
      ),
    )
    .argument('<files...>', say('các tệp .bpmn', '.bpmn files'))
    .action(async (files: string[]) => {
      for (const file of files) {
        const { lines, same } = await roundTripFile(file, language)
        await print(lines)
        if (!same) process.exitCode = 1
      }
    })

  flow
    .command('run')
    .description(say('chạy thử từng bước một quy trình', 'step through a flow'))
    .argument('<file>', say('tệp .bpmn', 'a .bpmn file'))
    .option('--vars <json>', say('biến lúc bắt đầu', 'variables to start with'), '{}')
    .option('--process <id>', say('quy trình nào trong tệp', 'which process of the file'))
    .option('--decisions <files...>', say('các tệp .dmn mà quy trình dùng', '.dmn files that the flow decides by'), [])
    .action(async (file: string, options: { vars: string; process?: string; decisions: string[] }) => {
      const variables = readVariables(options.vars)
      if (!variables) {
        process.stderr.write(`${say('--vars không phải là một đối tượng JSON', '--vars is no JSON object')}\n`)
        process.exitCode = 2
        return
      }
      const drawn = await parseFlow(decodeXml(await readFile(file)).text, options.process)
      const models = await Promise.all(
        options.decisions.map(async (one) => parseDmn(decodeXml(await readFile(one)).text)),
      )
      const run = new FlowRun({ flow: drawn, models, variables, now: Date.now(), language })
      if (!(await runFlow(run, language, print))) process.exitCode = 1
    })

  flow
    .command('compare')
    .description(say('nêu những chỗ khác nhau giữa hai bản', 'say what differs between two versions'))
    .argument('<before>', say('tệp cũ', 'the older file'))
    .argument('<after>', say('tệp mới', 'the newer file'))
    .option('--json', say('viết kết quả thành một đối tượng JSON', 'write the result as one JSON object'))
    .action(async (before: string, after: string, options: { json?: boolean }) => {
      const processes = await compareFiles(before, after)
      await print(options.json ? JSON.stringify({ before, after, processes }) : compareReport(processes, language))
    })

  flow
    .command('test')
    .description(say('chạy một bộ kiểm tra sự phù hợp với BPMN', 'run a BPMN conformance set'))
    .requiredOption('--cases <file>', say('tệp các trường hợp', 'the file of cases'))
    .requiredOption('--dir <dir>', say('thư mục chứa các quy trình', 'the folder of its processes'))
    .action(async (options: { cases: string; dir: string }) => {
      const result = await testFlows(options.cases, options.dir)
      await print(result.lines)
      if (!result.passed) process.exitCode = 1
    })
}
