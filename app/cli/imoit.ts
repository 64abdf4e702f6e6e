/** `npm run --silent imoit -- …`: what an administrator does that has no screen. Exit codes: 0 well, 1 found wanting, 2 could not. */
import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { checkAndKeep } from '#db/audit-check.ts'
import { consoleLanguage } from '../start/say.ts'
import { StartError } from '../start/start-error.ts'
import { auditReport } from './audit-report.ts'
import { withDatabase } from './database.ts'
import { testDecisions } from './decision-test.ts'
import { checkDrawing, flowReport } from './flow-check.ts'
import { testFlows } from './flow-test.ts'

const language = consoleLanguage()
const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
const json = say('viết kết quả thành một đối tượng JSON', 'write the result as one JSON object')
const print = (lines: string | string[]) => process.stdout.write(`${[lines].flat().join('\n')}\n`)

const program = new Command('imoit')
  .description(say('Lệnh của quản trị iMOIT', 'The administrator’s command of iMOIT'))
  .exitOverride()

program
  .command('audit')
  .description(say('Nhật ký', 'The audit'))
  .command('verify')
  .description(
    say(
      'kiểm tra từng mắt xích của nhật ký và nêu chỗ hỏng đầu tiên',
      'check every link of the audit and name the first broken one',
    ),
  )
  .option('--json', json)
  .action(async (options: { json?: boolean }) => {
    const check = await withDatabase(process.env, (db) => checkAndKeep(db))
    print(options.json ? JSON.stringify(check) : auditReport(check, language))
    if (check.brokenChains > 0) process.exitCode = 1
  })

const flow = program.command('flow').description(say('Quy trình', 'Flows'))

flow
  .command('check')
  .description(say('kiểm tra một sơ đồ BPMN như khi ban hành', 'check a BPMN diagram as publishing would'))
  .argument('<file>', say('tệp .bpmn', 'a .bpmn file'))
  .option('--json', json)
  .action(async (file: string, options: { json?: boolean }) => {
    const result = await checkDrawing(await readFile(file, 'utf8'))
    print(options.json ? JSON.stringify({ file, ...result }) : flowReport(file, result, language))
    if (!result.publishable) process.exitCode = 1
  })

flow
  .command('test')
  .description(say('chạy một bộ kiểm tra sự phù hợp với BPMN', 'run a BPMN conformance set'))
  .requiredOption('--cases <file>', say('tệp các trường hợp', 'the file of cases'))
  .requiredOption('--dir <dir>', say('thư mục chứa các quy trình', 'the folder of its processes'))
  .action(async (options: { cases: string; dir: string }) => {
    const result = await testFlows(options.cases, options.dir)
    print(result.lines)
    if (!result.passed) process.exitCode = 1
  })

program
  .command('decision')
  .description(say('Quyết định', 'Decisions'))
  .command('test')
  .description(say('chạy các phép thử DMN trong một thư mục', 'run the DMN tests in a folder'))
  .argument('<dir>', say('thư mục', 'the folder'))
  .action(async (dir: string) => {
    const result = await testDecisions(dir)
    print(result.lines)
    if (!result.passed) process.exitCode = 1
  })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = 2
  if (error instanceof Error && 'exitCode' in error && 'code' in error) {
    // Commander has said what is wrong with the words of the command, or shown its help.
    if (error.exitCode === 0) process.exitCode = 0
  } else if (error instanceof StartError) process.stderr.write(`${error[language]}\n`)
  else if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error)
    process.stderr.write(`${say('Không có tệp', 'There is no file')} ${String(error.path)}\n`)
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}
